import { Anchor, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from '../../router.js';
import { agreement as agreementQuery } from '../../api/admin-queries.js';
import type { Agreement } from '../../api/views.js';
import { Failure } from '../../kit/Failure.js';
import { formatDate } from '../../kit/format.js';
import { LinkButton } from '../../kit/LinkButton.js';
import { Loading } from '../../kit/Loading.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { paths } from '../../paths.js';
import { useCaller } from '../../shell/caller.js';
import { currentLang } from '../../texts/i18n.js';
import { Said } from '../parts/Said.js';
import { useWords } from '../use-words.js';
import { Comparison } from './Comparison.js';
import { Differences } from './Differences.js';
import { Sentences } from './Sentences.js';
import type { AgreementText } from './sentences.js';
import { Simulation } from './Simulation.js';
import { StatusBadge } from './StatusBadge.js';
import { Steps } from './Steps.js';
import { standingOf, stepsFor, unsignedBy } from './steps-for.js';

/** One agreement: where it stands, what is negotiated, its text in sentences, what can be done. */
export function AgreementPage(): ReactElement {
  const { t } = useTranslation('admin');
  const { agreementId = '' } = useParams();
  const found = useQuery(agreementQuery(agreementId));
  return (
    <Stack gap="lg">
      <Anchor component={Link} to={paths.agreements}>
        {t('agreements.all')}
      </Anchor>
      {found.isPending && <Loading />}
      {found.isError && <Failure error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <Opened agreement={found.data} key={found.data.id} />}
    </Stack>
  );
}

function Opened({ agreement }: { readonly agreement: Agreement }): ReactElement {
  const { t } = useTranslation('admin');
  const caller = useCaller();
  const { list, nameOf } = useWords();
  const [said, setSaid] = useState<{ text: string; at: number }>({ text: '', at: 0 });
  const standing = standingOf(agreement);
  const { inForce, negotiated } = standing;
  const isOwner = caller.roles.includes('agreement-owner');
  const steps = isOwner ? stepsFor(standing, caller.organizationId) : { negotiated: [], inForce: [] };
  const newest = Math.max(inForce?.version ?? 0, negotiated?.version ?? 0);
  const done = (text: string): void => setSaid(({ at }) => ({ text, at: at + 1 }));
  const suspendedBy = list((inForce?.suspendedBy ?? []).map(nameOf));
  const mayDraft =
    isOwner &&
    agreement.status !== 'terminated' &&
    !(negotiated?.status === 'proposed' && negotiated.proposal?.kind === 'adhesion');
  const versions = [negotiated, inForce]
    .filter((one) => one !== null)
    .map(({ version, status }) => ({
      version,
      label: t('agreements.versionStatus', { version, status: t(`agreements.status.${status}`).toLowerCase() }),
    }));
  return (
    <Stack gap="xl">
      <Stack gap="xs">
        <PageTitle windowTitle={t('agreements.title')}>{agreement.title[currentLang()]}</PageTitle>
        <Group gap="sm">
          <StatusBadge status={agreement.status} />
          <Text c="dimmed">{t('agreements.version', { version: agreement.version })}</Text>
        </Group>
        <Text maw="46rem">{t(`agreements.statusWhat.${agreement.status}`, { parties: suspendedBy })}</Text>
      </Stack>
      <Said at={said.at}>{said.at === 0 ? null : said.text}</Said>

      {negotiated !== null && inForce !== null && (
        <Paper className="panel" p={{ base: 'md', sm: 'lg' }} component="section">
          <Stack gap="md">
            <Group gap="sm">
              <Title order={2} size="h3">
                {t('agreements.pendingTitle', { version: negotiated.version })}
              </Title>
              <StatusBadge status={negotiated.status} />
            </Group>
            <Text maw="46rem">{t('agreements.pendingWhat')}</Text>
            <Negotiation text={negotiated} waitsFor={unsignedBy(standing)} own={caller.organizationId} />
            <Title order={3} size="h4">
              {t('agreements.changes')}
            </Title>
            <Differences id={agreement.id} from={inForce.version} to={negotiated.version} />
            <details>
              <summary>{t('agreements.pendingText')}</summary>
              <Sentences agreement={negotiated} order={3} />
            </details>
            <Steps agreement={negotiated} steps={steps.negotiated} onDone={done} />
          </Stack>
        </Paper>
      )}

      {isOwner && (inForce !== null ? steps.inForce.length > 0 || mayDraft : true) && (
        <Stack component="section" gap="sm">
          <Title order={2} size="h3">
            {t('step.title')}
          </Title>
          {inForce?.status === 'suspended' &&
            !(inForce.suspendedBy ?? []).some((id) => id === caller.organizationId) && (
              <Text>{t('step.otherParty', { parties: suspendedBy })}</Text>
            )}
          {negotiated !== null && inForce === null && (
            <>
              <Negotiation text={negotiated} waitsFor={unsignedBy(standing)} own={caller.organizationId} />
              <Steps agreement={negotiated} steps={steps.negotiated} onDone={done} />
            </>
          )}
          {inForce !== null && <Steps agreement={inForce} steps={steps.inForce} onDone={done} />}
          {mayDraft && (
            <div>
              <LinkButton to={paths.draft(agreement.id)} variant="default">
                {t(negotiated?.status === 'draft' ? 'agreements.draftAgain' : 'agreements.draftNext')}
              </LinkButton>
            </div>
          )}
        </Stack>
      )}

      <Stack component="section" gap="md">
        <Title order={2} size="h3">
          {t('agreements.inForce')}
        </Title>
        <Sentences agreement={agreement} order={3} />
        {agreement.signatures.length > 0 && (
          <section>
            <Title order={3} size="h5" mb={4}>
              {t('agreements.signatures')}
            </Title>
            <Signatures text={agreement} waitsFor={[]} />
          </section>
        )}
      </Stack>

      <Stack component="section" gap="md">
        <Title order={2} size="h3">
          {t('simulation.title')}
        </Title>
        <Simulation id={agreement.id} versions={versions} key={versions[0]!.version} />
      </Stack>

      {newest > 1 && (
        <Stack component="section" gap="md">
          <Title order={2} size="h3">
            {t('agreements.compare')}
          </Title>
          <Comparison id={agreement.id} newest={newest} key={newest} />
        </Stack>
      )}
    </Stack>
  );
}

/** Who wrote it, who signed, who is waited for. */
function Negotiation({
  text,
  waitsFor,
  own,
}: {
  readonly text: AgreementText;
  readonly waitsFor: readonly string[];
  readonly own: string;
}): ReactElement {
  const { t } = useTranslation('admin');
  const { nameOf, list } = useWords();
  const { proposal, status } = text;
  return (
    <Stack gap={4}>
      {proposal?.joins !== undefined && (
        <Text>{t('agreements.pendingJoin', { by: nameOf(proposal.by), joins: nameOf(proposal.joins) })}</Text>
      )}
      {proposal !== undefined && proposal.joins === undefined && (
        <Text>{t('agreements.pendingBy', { party: nameOf(proposal.by) })}</Text>
      )}
      {status === 'draft' && proposal !== undefined && proposal.by !== own && (
        <Text>{t('step.notYours', { party: nameOf(proposal.by) })}</Text>
      )}
      {status === 'proposed' && <Signatures text={text} waitsFor={waitsFor} />}
      {waitsFor.length > 0 && !waitsFor.includes(own) && (
        <Text>{t('step.waitsFor', { parties: list(waitsFor.map(nameOf)) })}</Text>
      )}
    </Stack>
  );
}

function Signatures({
  text,
  waitsFor,
}: {
  readonly text: AgreementText;
  readonly waitsFor: readonly string[];
}): ReactElement {
  const { t } = useTranslation('admin');
  const { nameOf } = useWords();
  return (
    <List>
      {text.signatures.map(({ party, at }) => (
        <List.Item key={party}>{t('agreements.signed', { party: nameOf(party), date: formatDate(at) })}</List.Item>
      ))}
      {waitsFor.map((party) => (
        <List.Item key={party}>{t('agreements.unsigned', { party: nameOf(party) })}</List.Item>
      ))}
    </List>
  );
}
