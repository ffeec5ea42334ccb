import { useTranslation } from 'react-i18next';

/** Why a delivery can end as failed (adapters/delivery/delivery-causes). */
export const CAUSES = [
  'unreachable',
  'wrong-address',
  'address-not-allowed',
  'no-endpoint',
  'secure-connection-failed',
  'token-unavailable',
  'token-refused',
  'not-permitted',
  'record-refused',
  'partner-error',
  'partner-busy',
  'redirected',
  'answer-not-understood',
  'answer-too-large',
  'record-unreadable',
] as const;
type Cause = (typeof CAUSES)[number];

/** A cause in a few words; one that this page does not know is another reason. */
export function useCause(): (code: string) => string {
  const { t } = useTranslation('admin');
  return (code) => t(`replay.causes.${(CAUSES as readonly string[]).includes(code) ? (code as Cause) : 'other'}`);
}
