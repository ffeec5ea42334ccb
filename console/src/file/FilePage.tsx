import { Alert, Anchor, Badge, Group, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from '../router.js';
import { caseFile } from '../api/queries.js';
import type { CaseDocument, StoredCase } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { bornText } from '../kit/born-text.js';
import { LinkButton } from '../kit/LinkButton.js';
import { Loading } from '../kit/Loading.js';
import { PageTitle } from '../kit/PageTitle.js';
import { paths } from '../paths.js';
import { isDocument, isList } from '../record/marks.js';
import { RecordView } from '../record/RecordView.js';
import { languageName } from '../record/value-text.js';
import { useWords, type Words } from '../record/words.js';
import { alertsOf } from './alerts-of.js';
import { DecisionsTab } from './DecisionsTab.js';
import { displayName } from './display-name.js';
import { TimelineTab } from './TimelineTab.js';

const TakenOverNote = lazy(async () => ({ default: (await import('./TakenOverNote.js')).TakenOverNote }));
const WorkingNotes = lazy(async () => ({ default: (await import('./WorkingNotes.js')).WorkingNotes }));

/** What each tab shows of the case model; a tab without content is not there. */
const TABS = [
  { tab: 'timeline', members: ['interventions'] },
  { tab: 'identity', members: ['person', 'communication', 'addresses', 'telecoms', 'representation', 'caseFile'] },
  { tab: 'household', members: ['household', 'relatives', 'professionals'] },
  { tab: 'needs', members: ['needs', 'goals', 'plan', 'referrals', 'programmes', 'services', 'assessments'] },
  { tab: 'rights', members: ['rights', 'income'] },
  { tab: 'housing', members: ['housing', 'stays', 'exits'] },
  { tab: 'health', members: ['health', 'screenings'] },
  { tab: 'documents', members: ['documents'] },
  { tab: 'safety', members: ['safety', 'workingNotes'] },
] as const;

/** The file: what the agency conveyed, by theme, with its marks; and beside it what was decided and passed on. */
export function FilePage(): ReactElement {
  const { t } = useTranslation();
  const { caseId = '' } = useParams();
  const file = useQuery(caseFile(caseId));
  const words = useWords();
  if (file.isError) {
    return (
      <Stack>
        <PageTitle windowTitle={t('file.windowTitle')}>{t('file.windowTitle')}</PageTitle>
        <Failure error={file.error} onRetry={() => void file.refetch()} />
      </Stack>
    );
  }
  if (file.data === undefined || words === null) return <Loading lines={6} />;
  return (
    <Stack gap="lg">
      <Head document={file.data.document} caseId={caseId} personId={file.data.personId} />
      {file.data.takenOver !== null && (
        <Suspense fallback={<Loading lines={2} />}>
          <TakenOverNote taken={file.data.takenOver} />
        </Suspense>
      )}
      <Sections file={file.data} words={words} />
    </Stack>
  );
}

function Head({
  document,
  caseId,
  personId,
}: {
  readonly document: CaseDocument;
  readonly caseId: string;
  readonly personId: string;
}): ReactElement {
  const { t } = useTranslation();
  const person = isDocument(document['person']) ? document['person'] : {};
  const birthDate = typeof person['birthDate'] === 'string' ? person['birthDate'] : null;
  const communication = isDocument(document['communication']) ? document['communication'] : {};
  const languages = Array.isArray(communication['languages']) ? (communication['languages'] as string[]) : [];
  const alerts = alertsOf(document);
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start">
        <Stack gap={2}>
          <PageTitle windowTitle={t('file.windowTitle')}>
            <span dir="auto">{displayName(document) ?? t('worklist.nameWithheld')}</span>
          </PageTitle>
          <Text c="dimmed">
            {bornText(t, birthDate)}
            {languages.length > 0 && ` · ${t('file.speaks', { languages: languages.map(languageName).join(', ') })}`}
            {' · '}
            {t('find.file', { number: caseId })}
          </Text>
        </Stack>
        <Group gap="sm">
          <Anchor href={`/api/v1/persons/${personId}/disclosures?format=html`} target="_blank" rel="noopener">
            {t('file.report')}
          </Anchor>
          <LinkButton to={paths.send(caseId)} size="md">
            {t('file.send')}
          </LinkButton>
        </Group>
      </Group>
      {alerts.length > 0 && (
        <Alert color="orange" variant="light" title={t('file.mind')}>
          <Group gap={6}>
            {alerts.map((alert) => (
              <Badge key={alert} color="orange" variant="outline" size="lg" tt="none">
                {t(`file.alert.${alert}`)}
              </Badge>
            ))}
          </Group>
        </Alert>
      )}
    </Stack>
  );
}

/** A page that leads back here names the tab; ids and words of the program alone. */
const FIRST: Readonly<Record<string, string>> = { '#timeline': 'timeline', '#safety': 'safety' };

function Sections({ file, words }: { readonly file: StoredCase; readonly words: Words }): ReactElement {
  const { t } = useTranslation();
  const { document, caseId, personId } = file;
  const [tab, setTab] = useState<string | null>(FIRST[window.location.hash] ?? 'decisions');
  // Whoever has no software writes the first intervention here.
  const present = TABS.filter(
    ({ tab: name, members }) => name === 'timeline' || members.some((member) => document[member] !== undefined),
  );
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List mb="md" aria-label={t('file.sections')}>
        <Tabs.Tab value="decisions">{t('file.tab.decisions')}</Tabs.Tab>
        {present.map(({ tab: value }) => (
          <Tabs.Tab key={value} value={value}>
            {t(`file.tab.${value}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="decisions">
        <DecisionsTab personId={personId} caseId={caseId} />
      </Tabs.Panel>
      {present.map(({ tab: value, members }) => (
        <Tabs.Panel key={value} value={value}>
          {value === 'timeline' ? (
            <TimelineTab file={file} words={words} />
          ) : (
            <Stack gap="xl">
              {value === 'safety' && <Text c="dimmed">{t('file.safetyWhat')}</Text>}
              {members
                .filter((member) => isDocument(document[member]) || isList(document[member]))
                .map((member) => (
                  <Stack key={member} gap="sm" component="section">
                    <h2 className="section">{words.field('', member)}</h2>
                    {member === 'workingNotes' ? (
                      <Suspense fallback={<Loading lines={2} />}>
                        <WorkingNotes file={file} />
                      </Suspense>
                    ) : (
                      <RecordView words={words} name={member} value={document[member]} />
                    )}
                  </Stack>
                ))}
            </Stack>
          )}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
