package io.github.noslableak.jvm;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;

/**
 * A program that loads an agent into another JVM: none may load one into itself. It is the only
 * class of ours in its JVM.
 */
final class AgentLoader {

  private AgentLoader() {}

  /**
   * Loads it.
   *
   * @param arguments the number of the JVM's process, and the path of the agent's jar
   */
  public static void main(String[] arguments)
      throws AttachNotSupportedException,
          IOException,
          AgentLoadException,
          AgentInitializationException {
    VirtualMachine other = VirtualMachine.attach(arguments[0]);
    try {
      other.loadAgent(arguments[1]);
    } finally {
      other.detach();
    }
  }
}
