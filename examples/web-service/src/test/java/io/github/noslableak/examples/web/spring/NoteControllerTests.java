package io.github.noslableak.examples.web.spring;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.github.noslableak.NoSlabLeak;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.MockMvc;

/** The application without a server. */
@NoSlabLeak
@SpringBootTest
@AutoConfigureMockMvc
class NoteControllerTests {

  private final MockMvc mvc;

  NoteControllerTests(@Autowired MockMvc mvc) {
    this.mvc = mvc;
  }

  @Test
  void should_answer_with_json() throws Exception {
    String name = UUID.randomUUID().toString();

    mvc.perform(put("/notes/" + name).content("text")).andExpect(status().isCreated());
    mvc.perform(get("/notes/" + name)).andExpect(jsonPath("$.text").value("text"));
  }

  @Test
  void should_not_find_what_is_not_there() throws Exception {
    mvc.perform(get("/notes/nobody")).andExpect(status().isNotFound());
  }
}
