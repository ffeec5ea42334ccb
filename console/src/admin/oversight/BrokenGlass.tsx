import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { brokenGlass, type BrokenGlass as Glass } from '../../api/admin-queries.js';
import { call } from '../../api/call.js';
import { formatMoment } from '../../kit/format.js';
import { AnswerDialog } from '../parts/AnswerDialog.js';
import { Problems } from '../parts/Problems.js';
import type { AdminKey } from '../say.js';
import { useWords } from '../use-words.js';
import { Due, Quote, Waiting } from './Waiting.js';

const OUTCOMES = ['justified', 'not-justified'] as const;

/** Disclosures without the usual ground, to be looked at afterwards by somebody else. */
export function BrokenGlass({ onDone }: { readonly onDone: (said: string) => void }): ReactElement {
  const { t } = useTranslation('admin');
  const { say, list, nameOf, purpose } = useWords();
  const client = useQueryClient();
  const waiting = useQuery(brokenGlass);
  const [chosen, setChosen] = useState<Glass | null>(null);
  const review = useMutation({
    mutationFn: (body: { outcome: (typeof OUTCOMES)[number]; note: string }) =>
      call('POST', `/api/v1/break-glass/${chosen!.transferId}/review`, { body }),
    onSuccess: async () => {
      setChosen(null);
      await client.invalidateQueries({ queryKey: ['broken-glass'] });
      onDone(t('oversight.glass.done'));
    },
  });
  return (
    <>
      <Waiting
        query={waiting}
        title={(count) => t('oversight.glass.title', { count })}
        none={t('oversight.glass.none')}
        keyOf={({ transferId }) => transferId}
      >
        {(one) => (
          <>
            <div className="row-main">
              <Text fw={650}>
                {t('oversight.glass.line', {
                  reference: one.reference,
                  organization: nameOf(one.recipientOrganizationId),
                  purpose: purpose(one.purpose as 'HOUSING'),
                })}
              </Text>
              <Text size="sm" c="dimmed">
                {t('oversight.glass.when', {
                  date: formatMoment(one.requestedAt),
                  categories: list(one.categories.map((label) => say(`label.${label}` as AdminKey))),
                })}
              </Text>
              <Quote label={t('oversight.glass.reason')}>{one.reason}</Quote>
            </div>
            <div className="row-next">
              <Due by={one.dueAt} overdue={one.overdue} />
              <Button
                size="compact-md"
                aria-label={t('oversight.glass.reviewOf', { reference: one.reference })}
                onClick={() => {
                  review.reset();
                  setChosen(one);
                }}
              >
                {t('oversight.glass.review')}
              </Button>
            </div>
          </>
        )}
      </Waiting>
      {chosen !== null && (
        <AnswerDialog
          title={t('oversight.glass.reviewOf', { reference: chosen.reference })}
          what={t('oversight.glass.what')}
          about={<Quote label={t('oversight.glass.reason')}>{chosen.reason}</Quote>}
          outcomeLabel={t('oversight.glass.outcome')}
          outcomes={OUTCOMES.map((value) => ({ value, label: t(`oversight.glass.${value}`) }))}
          noteLabel={t('oversight.note')}
          mostCharacters={2000}
          submit={t('oversight.glass.review')}
          busy={review.isPending}
          error={<Problems error={review.error} />}
          onAnswer={(outcome, note) => review.mutate({ outcome, note })}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}
