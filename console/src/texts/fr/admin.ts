import { agreements } from './admin-agreements.js';
import { operation } from './admin-operation.js';
import { oversight } from './admin-oversight.js';
import { partners } from './admin-partners.js';
import { words } from './admin-words.js';

export const admin = { ...words, ...agreements, ...oversight, ...operation, ...partners };
