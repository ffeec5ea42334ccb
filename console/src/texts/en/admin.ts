import { agreements } from './admin-agreements.js';
import { operation } from './admin-operation.js';
import { oversight } from './admin-oversight.js';
import { partners } from './admin-partners.js';
import { words } from './admin-words.js';

/** Of the admin pages alone: loaded with the first of them, so that a caseworker's page does not carry it. */
export const admin = { ...words, ...agreements, ...oversight, ...operation, ...partners };
