import { Stack, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useWords } from '../use-words.js';
import { sentencesOf, type AgreementText } from './sentences.js';

/** The text of an agreement, to be read. */
export function Sentences({
  agreement,
  order,
}: {
  readonly agreement: AgreementText;
  readonly order: 3 | 4;
}): ReactElement {
  const words = useWords();
  return (
    <Stack gap="md" className="sentences">
      {sentencesOf(agreement, words).map(({ key, heading, sentences }) => (
        <section key={key}>
          <Title order={order} size="h5" mb={4}>
            {heading}
          </Title>
          {sentences.map((sentence) => (
            <Text key={sentence} maw="52rem" mb={2}>
              {sentence}
            </Text>
          ))}
        </section>
      ))}
    </Stack>
  );
}
