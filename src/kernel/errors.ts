/**
 * The one error base. An error is a failure; a refusal to disclose is a value (see domain/decision).
 *
 * `message` is safe to show: it names a place and a rule and never repeats what was sent.
 * `code` is stable and documented; `issueType` is a code of FHIR R4 value set issue-type
 * (https://hl7.org/fhir/R4/valueset-issue-type.html).
 */
export type IssueType =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'security'
  | 'login'
  | 'unknown'
  | 'expired'
  | 'forbidden'
  | 'suppressed'
  | 'processing'
  | 'not-supported'
  | 'duplicate'
  | 'not-found'
  | 'too-long'
  | 'code-invalid'
  | 'business-rule'
  | 'conflict'
  | 'transient'
  | 'throttled'
  | 'timeout'
  | 'exception';

/** One thing that is wrong, at one place of the input. `path` is a JSON Pointer (RFC 6901) or a FHIRPath location. */
export interface Violation {
  readonly path: string;
  /** Stable code of the rule that was broken, e.g. `case.unknown-field`. */
  readonly rule: string;
  /** English sentence without content of the input. */
  readonly message: string;
}

export interface ErrorOptions {
  readonly violations?: readonly Violation[];
  /** Seconds after which a retry may succeed (HTTP Retry-After, RFC 9110 section 10.2.3). */
  readonly retryAfterSeconds?: number;
  /** Codes and ids for the caller (never content): added to the problem document. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class RelaisError extends Error {
  readonly code: string;
  readonly status: number;
  readonly issueType: IssueType;
  readonly violations: readonly Violation[];
  readonly retryAfterSeconds: number | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * @param code stable code, `area.reason`
   * @param status HTTP status (RFC 9110)
   * @param issueType FHIR issue type
   * @param message English sentence that is safe to show
   */
  constructor(code: string, status: number, issueType: IssueType, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RelaisError';
    this.code = code;
    this.status = status;
    this.issueType = issueType;
    this.violations = options.violations ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details ?? {};
  }
}

/** What a caller gets for an id that does not exist and for one that is another organization's: the same bytes. */
export function notFound(): RelaisError {
  return new RelaisError('resource.not-found', 404, 'not-found', 'Nothing is known under this address.');
}
