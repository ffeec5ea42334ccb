// A log in bulk, by a thread of its own: see seedAuditLog, whose arguments it is given.
import { workerData } from 'node:worker_threads';
import { seedAuditLog } from './seed.mjs';

const { url, count, options } = workerData;
await seedAuditLog(url, count, { ...options, masterKey: Buffer.from(options.masterKey) });
