package io.github.noslableak.examples.web.spring;

import io.github.noslableak.examples.web.NoteService;
import io.github.noslableak.examples.web.store.NoteRepository;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The service on Spring Boot, with Tomcat, HikariCP and H2 as Boot configures them. */
@SpringBootApplication
public class NoteApplication {

  private static final Logger LOG = LoggerFactory.getLogger(NoteApplication.class);

  /** Made by Spring. */
  public NoteApplication() {}

  /**
   * Starts the service.
   *
   * @param args as Spring Boot takes them
   */
  public static void main(String[] args) {
    SpringApplication.run(NoteApplication.class, args);
  }

  /**
   * Notes in the database that Boot configures.
   *
   * @param connections Boot's pool
   * @return the repository, its table made
   * @throws SQLException if the database fails
   */
  @Bean
  public NoteRepository noteRepository(DataSource connections) throws SQLException {
    NoteRepository notes = new NoteRepository(connections);
    notes.createTable();
    return notes;
  }

  /**
   * The service, which tells the log of new notes.
   *
   * @param notes the repository
   * @return the service
   */
  @Bean
  public NoteService noteService(NoteRepository notes) {
    return new NoteService(notes, note -> LOG.info("added {}", note.name()));
  }
}
