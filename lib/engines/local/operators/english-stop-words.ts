/** Words that carry grammar and no meaning of their own, by kind; forms with an apostrophe are whole tokens of white-space tokenizers. */
export const ENGLISH_STOP_WORDS: readonly string[] = [
  // Articles and other determiners
  "a an the this that these those each every either neither some any all both such own same other another",
  // Pronouns
  "i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they them their theirs themselves who whom whose which what",
  // To be, to have, to do
  "am is are was were be been being have has had having do does did doing done",
  // Auxiliary verbs
  "can could may might must shall should will would ought cannot",
  // Prepositions
  "of in on at by for with about against between among into onto through during before after above below to from up down out off over under within without upon toward towards since until per via",
  // Conjunctions
  "and or but nor so yet if because as while than though although unless whether",
  // Adverbs of grammar
  "not no only too very just also then there here when where why how again further once now more most few less least much many even ever still",
  // Short forms
  "i'm i've i'll i'd we're we've we'll we'd you're you've you'll you'd he's he'll he'd she's she'll she'd it's it'll they're they've they'll they'd that's there's here's what's who's where's how's let's",
  "isn't aren't wasn't weren't haven't hasn't hadn't don't doesn't didn't can't couldn't mustn't shan't shouldn't won't wouldn't",
].flatMap((line) => line.split(" "));
