import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useQueryParameter } from '../router.js';
import { isProblem } from '../api/problem.js';
import { agreements, caseFile, organizations, transfer } from '../api/queries.js';
import type { SentTransfer, StoredCase } from '../api/views.js';
import { displayName } from '../file/display-name.js';
import { Failure } from '../kit/Failure.js';
import { LinkButton } from '../kit/LinkButton.js';
import { Loading } from '../kit/Loading.js';
import { PageTitle } from '../kit/PageTitle.js';
import { paths } from '../paths.js';
import { useWords, type Words } from '../record/words.js';
import { useCaller } from '../shell/caller.js';
import { GroundStep } from './GroundStep.js';
import { optionsOf, type RecipientOption } from './options-of.js';
import { PreviewStep } from './PreviewStep.js';
import { RecipientStep } from './RecipientStep.js';
import { Step } from './Step.js';
import { EMPTY, useDraft, type Draft } from './use-draft.js';
import { usePreview, useSend, type Asked } from './use-send.js';

/** Opened by few, and never on the way to a receipt. */
const DeclinePanel = lazy(async () => ({ default: (await import('./DeclinePanel.js')).DeclinePanel }));

/** Only for what answers a question. */
const AskedFor = lazy(async () => ({ default: (await import('./AskedFor.js')).AskedFor }));

/** From the person to the receipt on one page: who receives it, on what ground, what leaves. */
export function SendPage(): ReactElement {
  const { t } = useTranslation();
  const { caseId = '' } = useParams();
  const caller = useCaller();
  const file = useQuery(caseFile(caseId));
  const known = useQuery(agreements);
  const names = useQuery(organizations);
  const words = useWords();
  const draft = useDraft(caseId);
  const asked = useAskedIn(caseId);
  const failed = [file, known, names, asked].find(({ isError }) => isError);
  const ready =
    file.data !== undefined &&
    known.data !== undefined &&
    names.data !== undefined &&
    words !== null &&
    draft.isReady &&
    !asked.isLoading;
  return (
    <Stack gap="lg">
      <Stack gap={2}>
        <PageTitle windowTitle={t('send.title')}>{t('send.title')}</PageTitle>
        <Text c="dimmed" dir="auto">
          {file.data !== undefined && (displayName(file.data.document) ?? t('worklist.nameWithheld'))}
        </Text>
      </Stack>
      {failed !== undefined && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      {failed === undefined && !ready && <Loading lines={5} />}
      {ready && (
        <Form
          file={file.data}
          options={optionsOf(known.data, names.data, caller.organizationId)}
          words={words}
          kept={draft.kept}
          keep={draft.keep}
          asked={asked.data ?? null}
        />
      )}
    </Stack>
  );
}

/** The transfer whose recipient asks for this one, where the page was opened from there. */
function useAskedIn(caseId: string): UseQueryResult<SentTransfer | null> {
  const id = useQueryParameter('follows');
  return useQuery({
    ...transfer(id ?? ''),
    enabled: id !== null,
    select: (one) => (one.viewedAs === 'sender' && one.caseId === caseId ? one : null),
  });
}

function Form({
  file,
  options,
  words,
  kept,
  keep,
  asked: question,
}: {
  readonly file: StoredCase;
  readonly options: readonly RecipientOption[];
  readonly words: Words;
  readonly kept: Draft;
  readonly keep: (draft: Draft) => void;
  readonly asked: SentTransfer | null;
}): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { caseId } = file;
  const [draft, setDraft] = useState<Draft>(() => (question === null ? kept : answering(question, kept)));
  const [declining, setDeclining] = useState<'no' | 'asking' | 'done'>('no');
  const change = (part: Partial<Draft>): void => {
    const next = { ...draft, ...part };
    setDraft(next);
    setDeclining('no');
    keep(next);
  };
  const chosen = options.find(
    ({ organization, purpose, status }) =>
      organization.id === draft.recipientId && purpose === draft.purpose && status === 'active',
  );
  const { ground, typed } = draft;
  const asked: Asked | null =
    chosen === undefined || ground === null
      ? null
      : {
          caseId,
          recipientOrganizationId: chosen.organization.id,
          purpose: chosen.purpose,
          ground,
          ...(ground.kind === 'break-glass' && typed !== null && { categories: typed.categories }),
          ...(draft.withhold.length > 0 && { withhold: draft.withhold }),
          ...(draft.follows?.recipientId === chosen.organization.id && { follows: draft.follows.id }),
          ...(draft.answerBy !== '' && { answerExpectedBy: `${draft.answerBy}T17:00:00Z` }),
        };
  const { preview, refusal, error, isAsking, again } = usePreview(asked);
  const send = useSend((transfer) => {
    keep({ ...draft, recipientId: null });
    // Back must not lead to a form that has been sent.
    void navigate(paths.transfer(transfer.id), { replace: true });
  });
  const changed = isProblem(send.error) && send.error.status === 409;
  return (
    <Stack gap="lg">
      {draft.follows !== null && (
        <Suspense fallback={<Loading lines={2} />}>
          <AskedFor follows={draft.follows} />
        </Suspense>
      )}
      <Step number={1} title={t('send.step.recipient')} done={chosen !== undefined}>
        <RecipientStep options={options} draft={draft} onChange={change} />
      </Step>
      <Step number={2} title={t('send.step.ground')} done={preview !== undefined} waiting={chosen === undefined}>
        {chosen !== undefined && (
          <GroundStep
            key={`${chosen.organization.id} ${chosen.purpose}`}
            file={file}
            option={chosen}
            draft={draft}
            onChange={change}
            preview={preview}
            refusal={refusal}
            error={error}
            isAsking={isAsking}
            onRecorded={again}
          />
        )}
      </Step>
      <Step number={3} title={t('send.step.leaves')} waiting={preview === undefined}>
        {preview !== undefined && chosen !== undefined && (
          <PreviewStep
            document={file.document}
            preview={preview}
            words={words}
            recipient={chosen.organization.name}
            withhold={draft.withhold}
            onWithhold={(withhold) => change({ withhold })}
            isAsking={isAsking}
          />
        )}
      </Step>
      {declining !== 'no' && chosen !== undefined && (
        <Suspense fallback={<Loading lines={3} />}>
          <DeclinePanel
            key={`${chosen.organization.id} ${chosen.purpose}`}
            caseId={caseId}
            personId={file.personId}
            option={chosen}
            onDeclined={() => {
              setDeclining('done');
              keep({ ...draft, recipientId: null });
            }}
            onCancel={() => setDeclining('no')}
          />
        </Suspense>
      )}
      {declining !== 'done' && (
        <Paper withBorder p="md" className={preview === undefined ? 'send-bar' : 'send-bar ready'}>
          <Stack gap="sm">
            {send.isError && (
              <Failure
                error={send.error}
                title={t(changed ? 'send.changed' : 'send.notSent')}
                {...(changed && {
                  onRetry: () => {
                    send.reset();
                    again();
                  },
                })}
              />
            )}
            <Group justify="space-between">
              <Text c="dimmed" size="sm" maw="32rem">
                {preview === undefined || chosen === undefined
                  ? t('send.notYet')
                  : t('send.ready', { count: preview.sent.length, organization: chosen.organization.name })}
              </Text>
              <Group>
                <LinkButton to={paths.case(caseId)} variant="default">
                  {t('send.later')}
                </LinkButton>
                <Button
                  size="md"
                  variant="outline"
                  disabled={chosen === undefined || send.isPending}
                  aria-expanded={declining === 'asking'}
                  onClick={() => setDeclining('asking')}
                >
                  {t('decline.decline')}
                </Button>
                <Button
                  size="md"
                  loading={send.isPending}
                  disabled={preview === undefined || asked === null || isAsking}
                  onClick={() => {
                    if (asked !== null && preview !== undefined) send.mutate({ asked, digest: preview.digest });
                  }}
                >
                  {chosen === undefined ? t('send.send') : t('send.sendTo', { organization: chosen.organization.name })}
                </Button>
              </Group>
            </Group>
          </Stack>
        </Paper>
      )}
    </Stack>
  );
}

/** Same recipient, same purpose; what was begun for them before stays, the rest is chosen as always. */
function answering({ id, reference, recipientOrganizationId, purpose }: SentTransfer, kept: Draft): Draft {
  const begun = kept.recipientId === recipientOrganizationId && kept.purpose === purpose ? kept : EMPTY;
  return {
    ...begun,
    recipientId: recipientOrganizationId,
    purpose,
    follows: { id, reference, recipientId: recipientOrganizationId },
  };
}
