import { Badge, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { openSteps, partners, type Partner } from '../../api/partner-queries.js';
import { EmptyState } from '../../kit/EmptyState.js';
import { Failure } from '../../kit/Failure.js';
import { LinkButton } from '../../kit/LinkButton.js';
import { Loading } from '../../kit/Loading.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { paths } from '../../paths.js';
import { Link } from '../../router.js';
import { currentLang } from '../../texts/i18n.js';

/** Every partner, with what its onboarding still lacks; what needs somebody stands first. */
export function PartnersPage(): ReactElement {
  const { t } = useTranslation('admin');
  const list = useQuery(partners(currentLang()));
  const shown = [...(list.data ?? [])].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return (
    <Stack gap="lg">
      <Stack gap="xs" align="flex-start">
        <PageTitle windowTitle={t('partners.title')}>{t('partners.title')}</PageTitle>
        <Text c="dimmed" maw="46rem">
          {t('partners.lead')}
        </Text>
        <LinkButton to={paths.newPartner}>{t('partners.add')}</LinkButton>
      </Stack>
      {list.isPending && <Loading />}
      {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && <EmptyState title={t('partners.none')} what={t('partners.noneWhat')} />}
      {shown.length > 0 && (
        <ul className="quiet-list rows">
          {shown.map((partner) => (
            <li key={partner.id}>
              <Row partner={partner} />
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}

function rank(partner: Partner): number {
  return partner.status === 'suspended' ? 0 : openSteps(partner).length > 0 ? 1 : 2;
}

function Row({ partner }: { readonly partner: Partner }): ReactElement {
  const { t } = useTranslation('admin');
  const { guest } = partner;
  const next = openSteps(partner)[0];
  return (
    <Link to={paths.partner(partner.id)} className="row">
      <span className="row-main">
        <Text component="span" fw={650}>
          {partner.name}
        </Text>
        <Text component="span" size="sm" c="dimmed">
          <Whose partner={partner} />
        </Text>
        {guest && (
          <Text component="span" size="sm">
            {t('partners.guest')}
          </Text>
        )}
      </span>
      <span className="row-next">
        <Standing partner={partner} />
        {next !== undefined && (
          <Text component="span" size="sm">
            {t('partners.next', { step: t(`onboarding.name.${next.step}`) })}
          </Text>
        )}
      </span>
    </Link>
  );
}

/** Its organization and what that does; a guest has the organization's name already. */
export function Whose({ partner: { name, organization } }: { readonly partner: Partner }): ReactElement {
  const { t } = useTranslation('admin');
  const what = organization.function[currentLang()];
  return (
    <>{name === organization.name ? what : t('partners.of', { organization: organization.name, function: what })}</>
  );
}

/** In a word: suspended, ready, or how much is missing. */
export function Standing({ partner }: { readonly partner: Partner }): ReactElement {
  const { t } = useTranslation('admin');
  const count = openSteps(partner).length;
  const [color, words] =
    partner.status === 'suspended'
      ? (['red', t('partners.suspended')] as const)
      : count === 0
        ? (['green', t('partners.ready')] as const)
        : (['orange', t('partners.missing', { count })] as const);
  return (
    <Badge color={color} variant="outline" className="plain-badge">
      {words}
    </Badge>
  );
}
