// The score of a reading test: what was answered, added up, and as CSV. One file can have the answers of many people.
//
//   person,network,preset,seed,digit,answer
//   Ada,robust,notebook,417,3,3
//   Ada,lenet5,notebook,417,8,none
//
// `answer` is what the person read: a digit, or `none`.

/** What a person reads in an image: a digit, or none. */
export type Reading = number | 'none';

export interface Answer {
  /** Who answered. */
  person: string;
  /** Whose image it was, and how it was made. */
  network: string;
  preset: string;
  /** Of the noise that it began with. */
  seed: number;
  /** That it was made for. */
  digit: number;
  answer: Reading;
}

/** Of the images of one network and preset. */
export interface Score {
  network: string;
  preset: string;
  asked: number;
  /** How often the answer was the digit that the image was made for. */
  right: number;
  /** How often it was that there is none. */
  none: number;
}

const COLUMNS = 'person,network,preset,seed,digit,answer';
/** In bytes: a class of a thousand has less. */
const LARGEST = 4 * 1024 * 1024;

/** A score for every network and preset, in the order in which they first come. */
export function scores(answers: Answer[]): Score[] {
  const found = new Map<string, Score>();
  for (const { network, preset, digit, answer } of answers) {
    const key = `${network} ${preset}`;
    const score = found.get(key) ?? { network, preset, asked: 0, right: 0, none: 0 };
    score.asked += 1;
    score.right += answer === digit ? 1 : 0;
    score.none += answer === 'none' ? 1 : 0;
    found.set(key, score);
  }
  return [...found.values()];
}

export function people(answers: Answer[]) {
  return new Set(answers.map(({ person }) => person)).size;
}

export function writeCsv(answers: Answer[]): string {
  const lines = answers.map(({ person, network, preset, seed, digit, answer }) =>
    [quoted(person), network, preset, seed, digit, answer].join(','),
  );
  return `${[COLUMNS, ...lines].join('\n')}\n`;
}

/**
 * @param name Of the file, for messages.
 * @throws A sentence on what is wrong with it, and where.
 */
export function readCsv(text: string, name: string): Answer[] {
  if (text.length > LARGEST) {
    throw new Error(`“${name}” is larger than 4 MiB: this is no file of answers that this page has saved.`);
  }
  const [head, ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (head.trim() !== COLUMNS) {
    throw new Error(`“${name}” is no file of answers. Its first line must be “${COLUMNS}”: save it with “Answers (.csv)”.`);
  }
  return lines.flatMap((line, index) => {
    if (line.trim() === '') {
      return [];
    }
    const answer = readLine(line);
    if (!answer) {
      throw new Error(`Line ${index + 2} of “${name}” is not “${COLUMNS}”, but “${line.slice(0, 60)}”. Nothing of it was added.`);
    }
    return [answer];
  });
}

function readLine(line: string): Answer | undefined {
  const found = /^(?:"((?:[^"]|"")*)"|([^",]*)),([a-z0-9-]+),([a-z]+),(\d{1,10}),(\d),(\d|none)$/.exec(line.trim());
  if (!found) {
    return undefined;
  }
  const [, inQuotes, plain, network, preset, seed, digit, answer] = found;
  return {
    person: inQuotes?.replaceAll('""', '"') ?? plain,
    network,
    preset,
    seed: Number(seed),
    digit: Number(digit),
    answer: answer === 'none' ? 'none' : Number(answer),
  };
}

/** A name, so that neither a comma nor a spreadsheet's formula comes of it. */
function quoted(name: string) {
  const harmless = name.replace(/^[=+\-@\t\r]+/, '').replaceAll(/[\r\n]+/g, ' ');
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
