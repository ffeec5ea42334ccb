import { Title } from '@mantine/core';
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/**
 * The heading of a page. It takes the focus when the page opens, so that a screen reader says where one is; the title of
 * the window names the page and never a person.
 */
export function PageTitle({
  children,
  windowTitle,
}: {
  readonly children: ReactNode;
  readonly windowTitle: string;
}): ReactElement {
  const { i18n } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = `${windowTitle} · Relais`;
  }, [windowTitle, i18n.language]);
  return (
    <Title order={1} size="h2" tabIndex={-1} ref={heading} className="page-title">
      {children}
    </Title>
  );
}
