package io.github.noslableak.examples.web.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** The whole application on a port of its own. */
@NoSlabLeak
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class NoteApplicationTests {

  private final TestRestTemplate http;

  NoteApplicationTests(@Autowired TestRestTemplate http) {
    this.http = http;
  }

  @Test
  void should_get_what_was_put() {
    String name = UUID.randomUUID().toString();

    assertThat(put(name).getStatusCode()).isEqualTo(HttpStatus.CREATED);

    ResponseEntity<Note> note = http.getForEntity("/notes/" + name, Note.class);
    assertThat(note.getBody()).isEqualTo(new Note(name, "text"));
  }

  @Test
  void should_refuse_a_name_twice() {
    String name = UUID.randomUUID().toString();

    assertThat(put(name).getStatusCode()).isEqualTo(HttpStatus.CREATED);
    assertThat(put(name).getStatusCode()).isEqualTo(HttpStatus.CONFLICT);
  }

  @Test
  void should_not_find_what_is_not_there() {
    assertThat(http.getForEntity("/notes/nobody", Note.class).getStatusCode())
        .isEqualTo(HttpStatus.NOT_FOUND);
  }

  private ResponseEntity<Void> put(String name) {
    return http.exchange("/notes/" + name, HttpMethod.PUT, new HttpEntity<>("text"), Void.class);
  }
}
