import type { Finding } from "../finding.js";

/**
 * How the tokens of well-known services begin. Only fixed counts: no pattern can take more than a few dozen
 * characters before it fails, so hostile text costs linear time. What follows the match is added by hand.
 */
const beginnings = [
  /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}/, // AWS
  /gh[pousr]_[A-Za-z0-9]{16}|github_pat_\w{20}/,
  /glpat-[\w-]{16}/,
  /xox[abeoprs]-[\w-]{10}|xapp-\d-[\w-]{10}/, // Slack
  /(?<=hooks\.slack\.com\/services\/)T\w{4}/,
  /(?<=(?:discord|discordapp)\.com\/api\/webhooks\/)\d{5,20}\/[\w-]{10}/,
  /[sr]k_(?:live|test)_[A-Za-z0-9]{8}|whsec_[A-Za-z0-9+/]{16}/, // Stripe
  /(?<![A-Za-z0-9])sk-(?:(?:ant|proj|svcacct)-[\w-]{16}|(?=[\w-]{0,12}\d)[\w-]{16}|[A-Za-z]{20}T3BlbkFJ)/, // Anthropic, OpenAI
  /AIza[\w-]{30}|ya29\.[\w-]{20}/, // Google
  /npm_[A-Za-z0-9]{30}|pypi-AgE[\w-]{20}/,
  /(?<![A-Za-z0-9])SG\.[\w-]{16}/, // SendGrid
  /(?<![A-Za-z0-9])SK[0-9a-f]{32}|(?<![A-Za-z0-9])key-[0-9a-f]{32}/, // Twilio, Mailgun
  /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{20}|(?<![A-Za-z0-9])hv[sb]\.[\w-]{20}|(?<![A-Za-z0-9])sbp_[a-f0-9]{20}/, // Hugging Face, Vault, Supabase
  /dop_v1_[a-f0-9]{32}|shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{24}/, // DigitalOcean, Shopify
  /(?<!\d)\d{8,10}:AA[\w-]{30}/, // Telegram
  /AGE-SECRET-KEY-1[A-Z0-9]{20}/,
];

const anyBeginning = new RegExp(beginnings.map(({ source }) => source).join("|"), "g");
const rest = /[\w.+/=-]*/y;

/** Tokens that their own spelling gives away. */
export function findKnownFormats(text: string): Finding[] {
  const findings: Finding[] = [];
  anyBeginning.lastIndex = 0;
  for (let match = anyBeginning.exec(text); match !== null; match = anyBeginning.exec(text)) {
    rest.lastIndex = anyBeginning.lastIndex;
    rest.exec(text);
    const end = rest.lastIndex;
    findings.push({
      start: match.index,
      end,
      secrets: [text.slice(match.index, end)],
      weak: false,
    });
    anyBeginning.lastIndex = end;
  }
  return findings;
}
