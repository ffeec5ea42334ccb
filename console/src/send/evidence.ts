/** How it can be shown later that the person decided (GDPR article 7(1)). */
export interface Evidence {
  readonly kind: 'written' | 'verbal' | 'electronic' | 'photo';
  readonly formVersion?: string;
  readonly copyGiven: boolean;
  readonly witness?: string;
  readonly attachment?: Attachment;
}

export interface Attachment {
  readonly contentType: 'image/jpeg' | 'image/png' | 'application/pdf';
  /** Base64 (RFC 4648). */
  readonly data: string;
}

export interface TypedEvidence {
  readonly kind: '' | Evidence['kind'];
  readonly witness: string;
  readonly form: string;
  readonly copyGiven: boolean;
  readonly attachment: Attachment | null;
}

export const NO_EVIDENCE: TypedEvidence = { kind: '', witness: '', form: '', copyGiven: false, attachment: null };

/** Name of the text that is read aloud; changes with its wording. */
const SPOKEN_FORM = 'console-1';

/** null while something is missing of what this kind needs. */
export function evidenceOf({ kind, witness, form, copyGiven, attachment }: TypedEvidence): Evidence | null {
  switch (kind) {
    case 'verbal':
      return witness.trim() === '' ? null : { kind, copyGiven, witness: witness.trim(), formVersion: SPOKEN_FORM };
    case 'electronic':
      return attachment === null ? null : { kind, copyGiven, attachment, formVersion: SPOKEN_FORM };
    case 'photo':
      return attachment === null || form.trim() === ''
        ? null
        : { kind, copyGiven, attachment, formVersion: form.trim() };
    case 'written':
      return form.trim() === '' ? null : { kind, copyGiven, formVersion: form.trim() };
    case '':
      return null;
  }
}
