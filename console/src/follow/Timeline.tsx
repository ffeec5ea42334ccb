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
  return (
    <Steps active={transfer.timeline.length - 1} bulletSize={18} lineWidth={2} role="list">
      {transfer.timeline.map(({ at, status, by, reasons, cause, declined, message }, index) => (
        <Steps.Item
          key={index}
          role="listitem"
          title={t(`status.event.${status.replace(':', '.')}` as 'status.event.queued')}
        >
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
