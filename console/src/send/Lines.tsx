import { Button, Checkbox, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { labelName } from '../kit/label-name.js';
import { valueText } from '../record/value-text.js';
import type { Words } from '../record/words.js';
import { currentLang } from '../texts/i18n.js';
import type { Line, Theme } from './group-lines.js';

/** More lines than this are folded away until somebody opens the theme. */
const OPEN_UP_TO = 6;

interface SideProps {
  readonly themes: readonly Theme[];
  readonly words: Words;
  /** Keeps a sent line back, or lets go of one that was kept back. */
  readonly onToggle: (pointer: string) => void;
}

/** What leaves, theme by theme; any line or a whole theme can be kept back. */
export function SentLines({ themes, words, onToggle }: SideProps): ReactElement {
  const { t } = useTranslation();
  if (themes.length === 0) return <Text c="dimmed">{t('preview.nothingSent')}</Text>;
  return (
    <div className="themes">
      {themes.map(({ theme, lines }) => (
        <details key={theme} open={lines.length <= OPEN_UP_TO} className="theme sent">
          <Summary name={words.field('', theme)} count={lines.length} />
          {theme !== 'person' && (
            <Button variant="subtle" size="compact-xs" onClick={() => onToggle(`/${theme}`)}>
              {t('preview.keepAllBack')}
            </Button>
          )}
          <BySentence lines={lines} words={words} kind="sent" onToggle={onToggle} />
        </details>
      ))}
    </div>
  );
}

/** What stays, by the rule that keeps it: the handful of reasons is read at a glance, the lines when one asks. */
export function WithheldLines({ themes, words, onToggle }: SideProps): ReactElement {
  const { t } = useTranslation();
  if (themes.length === 0) return <Text c="dimmed">{t('preview.nothingWithheld')}</Text>;
  const rules = groupBy(
    themes.flatMap(({ lines }) => lines),
    ({ reason }) => reason.code,
  );
  return (
    <div className="themes">
      {rules.map(([code, lines]) => (
        <details key={code} className="theme withheld" open={code === 'withheld.by-author'}>
          <Summary
            name={t(`preview.because.${code.replace('withheld.', '')}` as 'preview.because.refused')}
            count={lines.length}
            note={[...new Set(lines.flatMap(({ labels }) => labels))].map((label) => labelName(label)).join(', ')}
          />
          {groupBy(lines, ({ path }) => path.split('/')[1] ?? '').map(([theme, ofTheme]) => (
            <section key={theme} className="because">
              <h4 className="minor">{words.field('', theme)}</h4>
              <BySentence lines={ofTheme} words={words} kind="withheld" onToggle={onToggle} />
            </section>
          ))}
        </details>
      ))}
    </div>
  );
}

function Summary({
  name,
  count,
  note = '',
}: {
  readonly name: string;
  readonly count: number;
  readonly note?: string;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <summary>
      <span className="theme-name">{name}</span>
      <span className="theme-count">{t('preview.lines', { count })}</span>
      {note !== '' && <span className="why">{note}</span>}
    </summary>
  );
}

/** Lines under the sentence that is true of all of them: said once, read once. */
function BySentence({
  lines,
  words,
  kind,
  onToggle,
}: {
  readonly lines: readonly Line[];
  readonly words: Words;
  readonly kind: 'sent' | 'withheld';
  readonly onToggle: (pointer: string) => void;
}): ReactElement {
  return (
    <>
      {groupBy(lines, ({ reason }) => reason[currentLang()]).map(([sentence, same]) => (
        <section key={sentence}>
          <p className="why">{sentence}</p>
          <ul className="quiet-list">
            {same.map((line) => (
              <li key={line.path}>
                <OneLine line={line} words={words} kind={kind} onToggle={onToggle} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function groupBy(
  lines: readonly Line[],
  keyOf: (line: Line) => string,
): readonly (readonly [string, readonly Line[]])[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return [...groups];
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
