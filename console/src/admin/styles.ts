/* Styles of the kit's components that only the admin pages use (mantine-styles.ts has those of all pages), then their own. */
import '@mantine/core/styles/Combobox.css';
import '@mantine/core/styles/Table.css';
import '@mantine/core/styles/Fieldset.css';
import './admin.css';
