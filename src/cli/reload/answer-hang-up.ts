import { closeSync, constants, openSync } from "node:fs";
import { ignoresHangUp } from "../ignores-hang-up.ts";

/**
 * Creates what answers SIGHUP where a configuration file is in force. The signal has two meanings: the terminal was
 * closed, which ends the program, or somebody asks for the configuration to be read anew. It is the first where the
 * program had a terminal that is now gone, unless it was started to live through that (`nohup`); in a service or a
 * container it is always the second.
 * @param reload asked for the second
 * @returns a function that is given how to end the program
 */
export function createHangUpAnswer(reload: () => void): (stop: () => void) => void {
  const survives = ignoresHangUp() || !hasTerminal();
  return (stop) => {
    if (survives || hasTerminal()) reload();
    else stop();
  };
}

/** Whether there is a terminal that controls this program: that of its shell, whatever its input and output are. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK));
    return true;
  } catch {
    // The system says in this way that there is none.
    return false;
  }
}
