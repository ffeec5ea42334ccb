import { Anchor, Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, usePath } from '../router.js';
import { call } from '../api/call.js';
import { organizations } from '../api/queries.js';
import { paths } from '../paths.js';
import { changeLanguage, currentLang } from '../texts/i18n.js';
import { useCaller } from './caller.js';
import { entriesFor } from './navigation.js';
import { useChanges } from './use-changes.js';

/** What stands around every page: where one is, the language, lock and quick exit. */
export function Frame({
  onLock,
  children,
}: {
  readonly onLock: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const { t } = useTranslation();
  const caller = useCaller();
  const path = usePath();
  useChanges();
  const names = useQuery(organizations);
  const own = names.data?.find(({ id }) => id === caller.organizationId)?.name ?? '';
  const other = currentLang() === 'en' ? 'fr' : 'en';
  return (
    <>
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <header className="top no-print">
        <div className="top-row">
          <Link to="/" className="brand">
            <span className="mark" aria-hidden="true" />
            Relais
          </Link>
          <span className="who">
            {caller.displayName}
            <span className="who-where">{own}</span>
          </span>
          <Group component="nav" className="nav" gap="0 0.65rem" aria-label={t('shell.navigation')}>
            {entriesFor(caller.roles).map(({ to, label, end }) => (
              <NavLink key={to} to={to} end={end ?? false} className="nav-link">
                {t(label)}
              </NavLink>
            ))}
          </Group>
          <Group gap="xs" className="tools">
            <Button variant="default" size="compact-sm" onClick={() => void changeLanguage(other)} lang={other}>
              {other === 'fr' ? 'Français' : 'English'}
            </Button>
            <Button variant="default" size="compact-sm" onClick={onLock}>
              {t('shell.lock')}
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => void signOut()}>
              {t('shell.signOut')}
            </Button>
            <Button color="red" variant="light" size="compact-sm" onClick={quickExit}>
              {t('shell.quickExit')}
            </Button>
          </Group>
        </div>
      </header>
      <main id="main" className="page" tabIndex={-1} key={path}>
        {children}
      </main>
      <footer className="page no-print foot">
        <Group gap="lg">
          <Anchor href="/docs" size="sm" c="dimmed">
            {t('shell.docs')}
          </Anchor>
          <Anchor component={Link} to={paths.mapping} size="sm" c="dimmed">
            {t('nav.mapping')}
          </Anchor>
        </Group>
      </footer>
    </>
  );
}

async function signOut(): Promise<void> {
  try {
    const { redirectUrl } = await call<{ redirectUrl: string }>('POST', '/signout', { body: {} });
    location.assign(redirectUrl);
  } catch {
    location.assign('/');
  }
}

/** At once, without a trace in "back": somebody has come in. The session ends behind it. */
function quickExit(): void {
  call('POST', '/signout', { body: {}, keepalive: true }).catch(() => undefined);
  location.replace('about:blank');
}
