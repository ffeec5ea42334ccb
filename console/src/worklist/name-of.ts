import type { WorklistItem } from '../api/views.js';

/** Family name first and in capitals where French files have it so; given names as they are. */
export function nameOf({ given, family }: NonNullable<WorklistItem['person']>): string {
  return [given.join(' '), family].filter((part) => part !== null && part !== '').join(' ');
}
