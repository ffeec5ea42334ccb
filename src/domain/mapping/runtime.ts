import { JsonNumber } from '../../kernel/json/value.js';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** What a generated module is given when it is loaded: it imports nothing by itself. */
export const mappingRuntime = {
  /**
   * A decimal as it was written (FHIR R4 decimal: precision is kept, so 0.10 stays 0.10); undefined for what is no
   * decimal.
   */
  decimal(text: string): number | JsonNumber | undefined {
    if (!NUMBER.test(text)) return undefined;
    const value = Number(text);
    return String(value) === text ? value : new JsonNumber(text);
  },
};
export type MappingRuntime = typeof mappingRuntime;
