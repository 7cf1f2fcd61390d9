/** cspell: after the words that it does not know, where a word that is right goes. */
export function getReporter() {
  return {
    result: ({ issues }) => {
      if (issues > 0)
        console.error(
          "Say it in plain words. A name of other software goes into spelling/words-of-others.txt, " +
            "a term of ours into docs/glossary.md, and a word that a test misspells into spelling/misspelt-on-purpose.txt.",
        );
    },
  };
}
