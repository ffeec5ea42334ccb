import type { Config } from '../config.js';
import { createPairwiseIds } from '../kernel/pairwise.js';
import type { BundleFrame } from '../transfer/pin-bundle.js';
import { deriveKey } from './open-database.js';

/** By which address and under which ids this gateway is known: the same for the server, its workers and the command line. */
export function frameOf({ publicUrl, host, port }: Config, masterKey: Buffer): BundleFrame {
  return {
    publicUrl: (publicUrl ?? `http://${host}:${port}`).replace(/\/+$/, ''),
    pairwiseId: createPairwiseIds(deriveKey(masterKey, 'pairwise-ids')),
  };
}
