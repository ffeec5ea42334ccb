import { createHash } from 'node:crypto';
import { createPairwiseIds } from '../../src/kernel/pairwise.js';
import type { BundleFrame } from '../../src/transfer/pin-bundle.js';
import type { ReminderSettings } from '../../src/transfer/reminder-rule.js';

/** What every bundle of a test's gateway is framed by. */
export const testFrame: BundleFrame = {
  publicUrl: 'https://relais.test',
  pairwiseId: createPairwiseIds(createHash('sha256').update('test').digest()),
};

/** As the gateway comes. */
export const testReminders: ReminderSettings = { afterDays: 7, everyDays: 7, most: 3 };
