import { Button, Checkbox, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { valueText } from '../record/value-text.js';
import type { Words } from '../record/words.js';
import { currentLang } from '../texts/i18n.js';
import type { Line, Theme } from './group-lines.js';

/**
 * More lines than this that leave are folded away until somebody opens the theme. What stays shows why it stays, and its
 * lines when one asks.
 */
const OPEN_UP_TO = 10;

/** One side of the preview: themes that fold, entries in them, and each line with its value and its reason. */
export function Lines({
  themes,
  words,
  kind,
  onToggle,
}: {
  readonly themes: readonly Theme[];
  readonly words: Words;
  readonly kind: 'sent' | 'withheld';
  /** Keeps a sent line back, or lets go of one that was kept back. */
  readonly onToggle: (pointer: string) => void;
}): ReactElement {
  const { t } = useTranslation();
  if (themes.length === 0)
    return <Text c="dimmed">{t(kind === 'sent' ? 'preview.nothingSent' : 'preview.nothingWithheld')}</Text>;
  return (
    <div className="themes">
      {themes.map(({ theme, entries, count }) => (
        <details key={theme} open={kind === 'sent' && count <= OPEN_UP_TO} className={`theme ${kind}`}>
          <summary>
            <span className="theme-name">{words.field('', theme)}</span>
            <span className="theme-count">{t('preview.lines', { count })}</span>
            {kind === 'withheld' &&
              byReason(entries).map(({ reason }) => (
                <span className="why" key={reason.en}>
                  {reason[currentLang()]}
                </span>
              ))}
          </summary>
          {kind === 'sent' && theme !== 'person' && (
            <Button variant="subtle" size="compact-xs" onClick={() => onToggle(`/${theme}`)}>
              {t('preview.keepAllBack')}
            </Button>
          )}
          {byReason(entries).map(({ reason, lines }) => (
            <section key={reason.code + reason.en} className="because">
              <p className="why">{reason[currentLang()]}</p>
              <ul className="quiet-list">
                {lines.map((line) => (
                  <li key={line.path}>
                    <OneLine line={line} words={words} kind={kind} onToggle={onToggle} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </details>
      ))}
    </div>
  );
}

function OneLine({
  line,
  words,
  kind,
  onToggle,
}: {
  readonly line: Line;
  readonly words: Words;
  readonly kind: 'sent' | 'withheld';
  readonly onToggle: (pointer: string) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { parent, field, value, entry, reason, path } = line;
  const label = words.field(parent, field);
  const yesNo = { yes: t('record.yes'), no: t('record.no') };
  const said = value === undefined ? '' : valueText(words, yesNo, parent, field, value, entry);
  const text = (
    <>
      <span className="line-label">{label}</span>{' '}
      <span dir="auto" className="line-value">
        {said}
      </span>
    </>
  );
  if (kind === 'sent') {
    return (
      <Checkbox size="sm" my={6} checked onChange={() => onToggle(path)} label={text} title={t('preview.keepBack')} />
    );
  }
  return (
    <div className="line">
      {text}
      {reason.code === 'withheld.by-author' && (
        <Button variant="subtle" size="compact-xs" onClick={() => onToggle(path)}>
          {t('preview.letGo')}
        </Button>
      )}
    </div>
  );
}

/** Lines of one theme under the sentence that is true of all of them: said once, read once. */
function byReason(
  entries: Theme['entries'],
): readonly { readonly reason: Line['reason']; readonly lines: readonly Line[] }[] {
  const groups = new Map<string, { reason: Line['reason']; lines: Line[] }>();
  for (const line of entries.flatMap(({ lines }) => lines)) {
    const group = groups.get(line.reason.en) ?? { reason: line.reason, lines: [] };
    groups.set(line.reason.en, group);
    group.lines.push(line);
  }
  return [...groups.values()];
}
