import {
  Alert,
  Button,
  Checkbox,
  Group,
  List,
  Paper,
  Radio,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { lazy, Suspense, useId, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.js';
import { serverNowMs } from '../api/server-time.js';
import type { StoredCase } from '../api/views.js';
import { isDocument } from '../record/marks.js';
import { Failure } from '../kit/Failure.js';
import { labelName } from '../kit/label-name.js';
import { Loading } from '../kit/Loading.js';
import { currentLang, type Lang } from '../texts/i18n.js';
import { useSpoken } from '../texts/use-spoken.js';
import { asksWhoDecides, NO_DECIDER, type TypedDecider } from './decider.js';
import { EvidenceFields } from './EvidenceFields.js';
import { evidenceOf, NO_EVIDENCE, type TypedEvidence } from './evidence.js';
import type { RecipientOption } from './options-of.js';
import { readAloud } from './read-aloud.js';
import { useRecordConsent } from './use-record-consent.js';

/** Only where there is more than one who may decide. */
const DeciderFields = lazy(async () => ({ default: (await import('./DeciderFields.js')).DeciderFields }));

const SPANS = ['3-months', '6-months', '1-year', 'date'] as const;

/**
 * What the person says, recorded while they say it: a text to read aloud in their language, what they say yes to, until
 * when, and how it can be shown later. Nothing is preselected, "no" is as large as "yes", and nothing is timed.
 */
export function ConsentPanel({
  file,
  option,
  onRecorded,
}: {
  readonly file: StoredCase;
  readonly option: RecipientOption;
  readonly onRecorded: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const [spoken, setSpoken] = useState<Lang>(languageOf(file));
  const say = useSpoken(spoken);
  const [labels, setLabels] = useState<readonly string[]>([]);
  const [span, setSpan] = useState('');
  const [date, setDate] = useState('');
  const [evidence, setEvidence] = useState<TypedEvidence>(NO_EVIDENCE);
  const today = new Date(serverNowMs()).toISOString().slice(0, 10);
  const asksDecider = asksWhoDecides(file.document, today);
  const [decider, setDecider] = useState<TypedDecider>(NO_DECIDER);
  const [stop, setStop] = useState<string | null>(null);
  const [missing, setMissing] = useState<readonly Missing[]>([]);
  const heading = useId();
  const until = untilOf(span, date);
  const record = useRecordConsent({ file, option, onRecorded });
  const earlier = isProblem(record.error, 'consent.unconfirmed')
    ? ((record.error.details['places'] ?? []) as readonly string[])
    : [];
  const lacksDecider =
    asksDecider && (decider.by.length === 0 || (!decider.by.includes('person') && decider.view === ''));
  const whoDecided = asksDecider ? decider : null;
  const yes = async (supersedes: readonly string[] = []): Promise<void> => {
    const lacks: Missing[] = [
      ...(lacksDecider ? (['decider'] as const) : []),
      ...(labels.length === 0 ? (['labels'] as const) : []),
      ...(until === null ? (['until'] as const) : []),
      ...(evidenceOf(evidence) === null ? (['evidence'] as const) : []),
    ];
    setMissing(lacks);
    setStop(null);
    if (lacks.length > 0) return;
    if (asksDecider) {
      // A yes that cannot count is not recorded as one: a human decides first.
      const { whyNotCounted } = await import('./judge-decider.js');
      const why = whyNotCounted(decider, file.document, labels, today);
      setStop(why);
      if (why !== null) return;
    }
    record.mutate({
      type: 'permit',
      labels,
      until,
      evidence: evidenceOf(evidence),
      supersedes,
      decider: whoDecided,
    });
  };
  const no = (supersedes: readonly string[] = []): void => {
    setStop(null);
    // Whoever says no is heard, and is named where it was asked who they are.
    setMissing(asksDecider && decider.by.length === 0 ? ['decider'] : []);
    if (asksDecider && decider.by.length === 0) return;
    record.mutate({
      type: 'deny',
      labels: [],
      until: null,
      evidence: evidenceOf(evidence),
      supersedes,
      decider: whoDecided,
    });
  };
  const ofAnother = decider.by.length > 0 && !decider.by.includes('person');
  const allLabels = labels.length === option.categories.length;
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby={heading}>
      <Stack gap="lg">
        <h3 className="minor" id={heading}>
          {t('consent.title')}
        </h3>
        <Stack gap="xs">
          <Group justify="space-between">
            <Text fw={600}>{t('consent.readAloud')}</Text>
            <SegmentedControl
              size="xs"
              value={spoken}
              onChange={(value) => setSpoken(value)}
              aria-label={t('consent.readIn')}
              data={[
                { value: 'fr', label: 'Français' },
                { value: 'en', label: 'English' },
              ]}
            />
          </Group>
          <blockquote lang={spoken} className="aloud">
            {say === null ? '…' : readAloud(say, { option, labels, until, lang: spoken, ofAnother })}
          </blockquote>
        </Stack>
        {asksDecider && (
          <Suspense fallback={<Loading lines={3} />}>
            <DeciderFields
              document={file.document}
              labels={labels.length > 0 ? labels : option.categories}
              today={today}
              value={decider}
              onChange={setDecider}
              isMissing={missing.includes('decider')}
            />
          </Suspense>
        )}
        <Checkbox.Group
          label={t('consent.what')}
          value={[...labels]}
          onChange={setLabels}
          error={missing.includes('labels') ? t('consent.whatMissing') : undefined}
        >
          <Group gap="md" mt={6}>
            <Button variant="default" size="compact-sm" onClick={() => setLabels(allLabels ? [] : option.categories)}>
              {t(allLabels ? 'consent.none' : 'consent.all')}
            </Button>
            {option.categories.map((label) => (
              <Checkbox key={label} value={label} label={labelName(label)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Stack gap="xs">
          <Radio.Group
            label={t('consent.until')}
            value={span}
            onChange={setSpan}
            error={missing.includes('until') ? t('consent.untilMissing') : undefined}
          >
            <Group gap="md" mt={6}>
              {SPANS.map((one) => (
                <Radio key={one} value={one} label={t(`consent.span.${one}`)} />
              ))}
            </Group>
          </Radio.Group>
          {span === 'date' && (
            <TextInput
              type="date"
              aria-label={t('consent.span.date')}
              value={date}
              onChange={({ currentTarget: { value } }) => setDate(value)}
              maw="16rem"
            />
          )}
        </Stack>
        <EvidenceFields value={evidence} onChange={setEvidence} isMissing={missing.includes('evidence')} />
        {earlier.length > 0 && (
          <Alert color="orange" variant="light" title={t('consent.earlier')}>
            <Stack gap="xs" align="flex-start">
              <Text>{t('consent.earlierWhat')}</Text>
              <Button
                onClick={() => (record.variables?.type === 'deny' ? no(earlier) : void yes(earlier))}
                loading={record.isPending}
              >
                {t('consent.confirmed')}
              </Button>
            </Stack>
          </Alert>
        )}
        {record.isError && earlier.length === 0 && <Failure error={record.error} />}
        {stop !== null && (
          <Alert color="orange" variant="light" role="alert" title={t('decider.notRecorded')}>
            <Text>{stop}</Text>
            <Text>{t('decider.humanWhat')}</Text>
          </Alert>
        )}
        {missing.length > 0 && (
          <Text role="alert" c="red">
            {t('consent.missing')}
          </Text>
        )}
        <Group grow preventGrowOverflow={false}>
          <Button size="md" color="relais" variant="outline" onClick={() => void yes()} loading={record.isPending}>
            {t('consent.yes')}
          </Button>
          <Button size="md" color="relais" variant="outline" onClick={() => no()} loading={record.isPending}>
            {t('consent.no')}
          </Button>
        </Group>
        <List size="sm" c="dimmed">
          <List.Item>{t('consent.noCost')}</List.Item>
          <List.Item>{t('consent.untimed')}</List.Item>
        </List>
      </Stack>
    </Paper>
  );
}

type Missing = 'decider' | 'labels' | 'until' | 'evidence';

/** The first language of the person's that Relais speaks; the page's own where there is none. */
function languageOf({ document }: StoredCase): Lang {
  const communication = document['communication'];
  const spoken = isDocument(communication) ? communication['languages'] : undefined;
  const found = Array.isArray(spoken) ? (spoken as string[]).find((code) => code === 'en' || code === 'fr') : undefined;
  return found === 'en' || found === 'fr' ? found : currentLang();
}

/** Last day of the consent; null while none is chosen. */
function untilOf(span: string, date: string): string | null {
  if (span === 'date') return date === '' ? null : date;
  const months = { '3-months': 3, '6-months': 6, '1-year': 12 }[span];
  if (months === undefined) return null;
  const end = new Date(serverNowMs());
  end.setUTCMonth(end.getUTCMonth() + months);
  return end.toISOString().slice(0, 10);
}
