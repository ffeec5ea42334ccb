import { auditCheckpointCommand } from './audit-checkpoint.js';
import { auditVerifyCommand } from './audit-verify.js';
import { checkLabelsCommand } from './check-labels.js';
import { checkMappingsCommand } from './check-mappings.js';
import { agreementCommand } from './agreement.js';
import type { CliCommand } from './context.js';
import { decideCommand } from './decide.js';
import { deliveryCommand } from './delivery.js';
import { eraseCommand } from './erase.js';
import { evidenceCommand } from './evidence.js';
import { guestCommand } from './guest.js';
import { importCasesCommand } from './import-cases.js';
import { importHmisCommand } from './import-hmis.js';
import { initCommand } from './init.js';
import { mapCommand } from './map.js';
import { processCommands } from './processes.js';
import { validateCommand } from './validate.js';

/** Every command, in the order of the help. One file each; all of them work with the context only. */
export const COMMANDS: readonly CliCommand[] = [
  importHmisCommand,
  importCasesCommand,
  validateCommand,
  checkMappingsCommand,
  checkLabelsCommand,
  decideCommand,
  agreementCommand,
  mapCommand,
  eraseCommand,
  deliveryCommand,
  guestCommand,
  auditVerifyCommand,
  auditCheckpointCommand,
  evidenceCommand,
  initCommand,
  processCommands,
];
