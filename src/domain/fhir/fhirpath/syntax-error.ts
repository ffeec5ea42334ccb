/** A FHIRPath text that is not one, or that uses what this compiler does not offer. Positions count from 1. */
export class ExpressionError extends Error {
  readonly code: 'fhirpath.syntax' | 'fhirpath.not-supported';
  /** Of the first wrong character, from 0. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;

  constructor(code: ExpressionError['code'], message: string, source: string, offset: number) {
    super(message);
    this.name = 'ExpressionError';
    this.code = code;
    this.offset = offset;
    const before = source.slice(0, offset);
    this.line = before.split('\n').length;
    this.column = offset - before.lastIndexOf('\n');
  }
}
