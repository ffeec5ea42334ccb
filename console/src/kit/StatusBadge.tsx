import { Badge } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

const COLOURS: Readonly<Record<string, string>> = {
  delivered: 'blue',
  refused: 'red',
  stopped: 'orange',
  failed: 'red',
  'needs-review': 'orange',
  accepted: 'green',
  completed: 'green',
  rejected: 'red',
  'on-hold': 'orange',
  'in-progress': 'blue',
};

/** Where it stands, in a word: the recipient's answer where there is one, else the delivery. Never by colour alone. */
export function StatusBadge({
  status,
  referralStatus,
}: {
  readonly status: string;
  readonly referralStatus: string | null;
}): ReactElement {
  const { t } = useTranslation();
  const answered = status === 'delivered' && referralStatus !== null && referralStatus !== 'requested';
  const code = answered ? referralStatus : status;
  const key = answered ? `status.referral.${code}` : `status.transfer.${code}`;
  return (
    <Badge color={COLOURS[code] ?? 'gray'} variant="light" tt="none">
      {t(key as 'status.transfer.queued')}
    </Badge>
  );
}
