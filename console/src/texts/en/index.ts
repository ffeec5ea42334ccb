import { file } from './file.js';
import { finding } from './finding.js';
import { following } from './following.js';
import { sending } from './sending.js';
import { shell } from './shell.js';

export const en = { ...shell, ...finding, ...file, ...sending, ...following };
