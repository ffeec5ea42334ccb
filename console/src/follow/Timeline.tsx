import { Text, Timeline as Steps } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TransferView } from '../api/views.js';
import { formatMoment } from '../kit/format.js';

/** Sent → delivered → answered → outcome, with what was said at each step. By organization, never by worker. */
export function Timeline({
  transfer,
  nameOf,
}: {
  readonly transfer: TransferView;
  readonly nameOf: (id: string) => string;
}): ReactElement {
  const { t } = useTranslation();
  const toGuest = transfer.viewedAs === 'sender' && transfer.recipientIsGuest;
  /** To a guest a notice goes, and no record to a system. */
  const titleOf = (status: string): string => {
    if (status === 'reminder:sent' && transfer.viewedAs === 'recipient') return t('reminders.received');
    return toGuest && (status === 'sending' || status === 'delivered')
      ? t(`guest.event.${status}`)
      : t(`status.event.${status.replace(':', '.')}` as 'status.event.queued');
  };
  return (
    <Steps active={transfer.timeline.length - 1} bulletSize={18} lineWidth={2} role="list">
      {transfer.timeline.map(({ at, status, by, reasons, cause, declined, message }, index) => (
        <Steps.Item key={index} role="listitem" title={titleOf(status)}>
          <Text size="sm" c="dimmed">
            {formatMoment(at)}
            {by.organizationId !== null && ` · ${nameOf(by.organizationId)}`}
          </Text>
          {reasons.map(({ code, text }) => (
            <Text size="sm" key={code}>
              {text}
            </Text>
          ))}
          {cause !== undefined && <Text size="sm">{cause.text}</Text>}
          {declined !== undefined && <Text size="sm">{declined.text}</Text>}
          {message !== undefined && (
            <Text size="sm" dir="auto" className="said message">
              {message}
            </Text>
          )}
        </Steps.Item>
      ))}
    </Steps>
  );
}
