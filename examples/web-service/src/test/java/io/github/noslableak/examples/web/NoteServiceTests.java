package io.github.noslableak.examples.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.store.NoteRepository;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;

/** The service between mocks. */
@NoSlabLeak
@SuppressWarnings("NullAway.Init") // Mockito sets the fields.
@ExtendWith(MockitoExtension.class)
class NoteServiceTests {

  @Mock private NoteRepository notes;
  @Mock private Notifier notifier;

  @Test
  void should_tell_of_a_new_note() throws SQLException {
    Note note = new Note("milk", "two litres");
    when(notes.find("milk")).thenReturn(Optional.empty());

    assertThat(new NoteService(notes, notifier).add(note)).isTrue();

    verify(notes).add(note);
    verify(notifier).added(note);
  }

  @Test
  void should_not_tell_of_a_name_that_is_taken() throws SQLException {
    Note note = new Note("milk", "two litres");
    when(notes.find("milk")).thenReturn(Optional.of(note));

    assertThat(new NoteService(notes, notifier).add(note)).isFalse();

    verify(notes, never()).add(any());
    verify(notifier, never()).added(any());
  }
}
