import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Sets of a few questions of our own in the published formats. */

/** Writes files by their paths under a folder of the test's own. @returns the folder */
export function writeSet(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'faculty-benchmark-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  return folder
}

export const medqaLine = {
  question: 'A sailor who eats no fruit has bleeding gums. Which vitamin does she lack?',
  answer: 'Vitamin C',
  options: { A: 'Vitamin A', B: 'Vitamin C', C: 'Vitamin D', D: 'Vitamin K' },
  meta_info: 'step1',
  answer_idx: 'B',
}

export const medqaFiles = {
  'questions/US/4_options/phrases_no_exclude_test.jsonl': `${JSON.stringify(medqaLine)}\n${JSON.stringify({
    ...medqaLine,
    question: 'Which vitamin is made in skin in sunlight?',
    answer: 'Vitamin D',
    answer_idx: 'C',
  })}\n`,
}

const abstract = {
  QUESTION: 'Does tea cool faster with milk?',
  CONTEXTS: ['We poured forty cups of tea.', 'Half of them got milk.'],
  LABELS: ['METHODS', 'METHODS'],
  MESHES: ['Tea'],
  YEAR: '2020',
  final_decision: 'yes',
  LONG_ANSWER: 'Tea with milk cools faster at first.',
}

export const pubmedqaFiles = {
  'data/ori_pqal.json': JSON.stringify({
    '101': abstract,
    '102': { ...abstract, QUESTION: 'Does stirring help?', final_decision: 'no' },
    '103': { ...abstract, QUESTION: 'Does the cup matter?', final_decision: 'maybe' },
  }),
  'data/test_ground_truth.json': JSON.stringify({ '101': 'yes', '103': 'maybe' }),
}

export const finqaEntry = {
  id: 'LAMP/2015/page_7.pdf-1',
  filename: 'LAMP/2015/page_7.pdf',
  pre_text: ['the lamp company sells lamps in two countries .'],
  post_text: ['sales grew because the nights were long .'],
  table: [
    ['( in thousands )', '2015', '2014'],
    ['net sales', '$ 1,500', '$ 1,200'],
    ['loss on glass, broken (net)', '-20 ( 20 )', '10'],
  ],
  qa: {
    question: 'by how much did net sales grow ?',
    answer: '25%',
    program: 'subtract(1500, 1200), divide(#0, 1200)',
    program_re: 'divide(subtract(1500, 1200), 1200)',
    gold_inds: {},
    exe_ans: 0.25,
  },
}

export const finqaFiles = {
  'dataset/test.json': JSON.stringify([
    finqaEntry,
    { ...finqaEntry, id: 'LAMP/2015/page_7.pdf-2', qa: { question: 'did net sales grow ?', exe_ans: 'yes' } },
  ]),
}

/** In Latin-1 the é is one byte. */
export const phrasebankFiles = {
  'Sentences_AllAgree.txt': Buffer.from(
    'The café chain doubled its profit .@positive\r\nMail orders@lamps.example were steady .@neutral\r\n',
    'latin1',
  ),
}

const contract = 'This Agreement is made by Lamp Co and Shade Ltd. It is governed by the law of Bavaria.'

export const cuadDocument = {
  version: 'own',
  data: [
    {
      title: 'LampSupply',
      paragraphs: [
        {
          context: contract,
          qas: [
            {
              id: 'LampSupply__Governing Law',
              question: 'Highlight the parts (if any) related to "Governing Law".',
              answers: [{ text: 'It is governed by the law of Bavaria.', answer_start: 49 }],
              is_impossible: false,
            },
            {
              id: 'LampSupply__Audit Rights',
              question: 'Highlight the parts (if any) related to "Audit Rights".',
              answers: [],
              is_impossible: true,
            },
            {
              id: 'LampSupply__Parties',
              question: 'Highlight the parts (if any) related to "Parties".',
              answers: [
                { text: 'Lamp Co', answer_start: 26 },
                { text: 'Shade Ltd', answer_start: 38 },
              ],
              is_impossible: false,
            },
          ],
        },
      ],
    },
  ],
}

export const cuadFiles = { 'test.json': JSON.stringify(cuadDocument) }

export const legalbenchFiles = {
  'lamp_duty/README.md': '# lamp_duty\n\n**License**: [CC By 4.0](https://creativecommons.org/licenses/by/4.0/)\n',
  'lamp_duty/base_prompt.txt': 'Ships must show lamps at night.\n\nQ: {{text}} Was the duty kept?\nA:',
  'lamp_duty/train.tsv': 'index\ttext\tanswer\n0\tA ship sailed dark at noon.\tYes\n',
  'lamp_duty/test.tsv':
    'index\ttext\tanswer\n0\tA ship sailed dark at midnight.\tNo\n1\t"The mate cried ""light!""\nand lit a lamp."\tYes\n',
  'lamp_posts/README.md': '**License**: [CC BY-NC 4.0](https://creativecommons.org/licenses/by-nc/4.0/)\n',
  'lamp_posts/test.tsv': 'index\tpost\tquestion\tanswer\n0\tMy lamp was stolen.\tIs it about theft?\tYes\n',
  'lamp_secret/test.tsv': 'index\ttext\tanswer\n0\tHm.\tYes\n',
  'rule_qa/README.md': '**License**: MIT\n',
  'rule_qa/test.tsv': 'index\ttext\tanswer\n0\tState the rule on lamps.\tLamps burn.\n',
  'sara_numeric/README.md': '**License**: MIT\n',
  'sara_numeric/test.tsv': 'text\tlabel\nHow much lamp tax does Ann owe?\t$1200\n',
  'ssla_lamps/README.md': '**License**: MIT\n',
  'ssla_lamps/test.tsv': 'index\ttext\tanswer\n0\tWho is sued?\tLamp Co, Shade Ltd\n1\tIs anybody?\t\n',
}
