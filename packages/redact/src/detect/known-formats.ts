import type { Finding } from "./finding.js";

/**
 * How the tokens of well-known services begin. All counts are fixed: no pattern reads more than a few dozen characters
 * before it fails, so hostile text costs linear time. The rest of a token is added by hand.
 */
const beginnings: Readonly<Record<string, RegExp>> = {
  "AWS keys": /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}|ABSK[A-Za-z0-9+/]{40}/,
  "Alibaba Cloud, Tencent Cloud": /(?<![A-Za-z0-9])(?:LTAI[A-Za-z0-9]{16}|AKID[A-Za-z0-9]{32})/,
  Google: /AIza[\w-]{30}|ya29\.[\w-]{20}|GOCSPX-[\w-]{20}|(?<![\w/])1\/\/0[\w-]{40}/,
  "Yandex Cloud": /(?<![A-Za-z0-9])(?:AQVN[\w-]{35}|YC[A-Za-z0-9_-]{38}|t1\.[\w-]{20})/,
  DigitalOcean: /do[opr]_v1_[a-f0-9]{32}/,
  "Fly.io, Heroku, Netlify, Vercel, Render":
    /fo1_[\w-]{40}|fm[12][ar]?_[\w+/-]{40}|HRKU-[\w-]{30}|(?<![A-Za-z0-9])(?:nf[poc]_[A-Za-z0-9]{30}|vc[a-z]_[A-Za-z0-9]{20}|vercel_blob_[a-z]{2}_[A-Za-z0-9]{8}|rnd_[A-Za-z0-9]{24})/,
  GitHub: /gh[pousr]_[A-Za-z0-9]{16}|github_pat_\w{20}/,
  GitLab: /gl(?:pat|ptt|dt|rt|rtr|cbt|ft|soat|imt|agent|ffct|oas)-[\w-]{16}|GR1348941[\w-]{20}/,
  "Atlassian, Bitbucket": /AT(?:AT|CT)T3[\w=-]{20}|ATBB[A-Za-z0-9]{28}|ATOA[A-Za-z0-9]{28}/,
  Slack:
    /xox[abceoprs](?:\.xox[abp])?-[\w-]{10}|xapp-\d-[\w-]{10}|(?<=hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/)[A-Z]\w{4}/,
  "Discord, Telegram":
    /(?<=(?:discord|discordapp)\.com\/api\/(?:v\d{1,2}\/)?webhooks\/)\d{5,20}\/[\w-]{10}|(?<![\w-])[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27}|(?<!\d)\d{8,10}:AA[\w-]{30}/,
  "Teams, Zapier, IFTTT, Make":
    /(?<=(?:webhook\.office\.com\/webhookb2|outlook\.office(?:365)?\.com\/webhook)\/)[\w@-]{20,80}|(?<=hooks\.zapier\.com\/hooks\/catch\/)\d{4}|(?<=maker\.ifttt\.com\/trigger\/\w{1,64}\/(?:json\/)?with\/key\/)[\w-]{10}|(?<=hook\.\w{2,8}\.make\.com\/)[a-z0-9]{20}/,
  "Stripe, Square, Paddle, PayPal, Adyen, Plaid, Flutterwave":
    /[sr]k_(?:live|test|prod)_[A-Za-z0-9]{8}|whsec_[A-Za-z0-9+/]{16}|(?<![A-Za-z0-9])(?:EAAA[\w-]{56}|sq0[a-z]{3}-[\w-]{20}|pdl_(?:live|sdbx)_apikey_\w{20}|pdl_ntfset_\w{20}|AQE[A-Za-z0-9]{4}\w{30}|access-(?:sandbox|development|production)-[0-9a-f]{8}-|FLWSECK(?:_TEST)?-[A-Za-z0-9]{12}|access_token\$(?:production|sandbox)\$[a-z0-9]{12})/,
  "GoCardless, Duffel, EasyPost, Shippo, Lob, Razorpay, Mollie":
    /(?<![A-Za-z0-9])(?:live_[\w-]{40}|rzp_(?:live|test)_[A-Za-z0-9]{14}|(?:live|test)_(?=[A-Za-z]{0,29}\d)[A-Za-z0-9]{30}|duffel_(?:test|live)_[\w-]{40}|EZ[AT]K[A-Za-z0-9]{54}|shippo_(?:live|test)_[a-f0-9]{40}|(?:live|test)_(?:pub_)?[a-f0-9]{31,35})/,
  "OpenAI, Anthropic, OpenRouter":
    /(?<![A-Za-z0-9])sk-(?:(?:ant|proj|svcacct|or|admin|lf)-[\w-]{16}|(?=[\w-]{0,12}\d)[\w-]{16}|[A-Za-z]{20}T3BlbkFJ)/,
  "ElevenLabs, Firecrawl, Jina, Voyage":
    /(?<![A-Za-z0-9_-])(?:sk_[a-f0-9]{48}|fc-[a-f0-9]{32}|jina_[\w-]{40}|pa-(?=[\w-]{0,42}\d)(?=[\w-]{0,42}[A-Z])[\w-]{43})/,
  "Confluent Cloud, Telnyx, Trello, Intercom":
    /(?<![A-Za-z0-9_-])(?:cflt[A-Za-z0-9+/]{40}|KEY(?=[A-Za-z]{0,31}\d)[A-Za-z0-9]{32}|ATTA[a-f0-9]{64}|dG9rO[\w+/-]{40})/,
  "Hugging Face, Replicate, Groq, xAI, Perplexity and their like":
    /(?<![A-Za-z0-9])(?:hf_[A-Za-z0-9]{20}|api_org_[A-Za-z0-9]{30}|r8_[A-Za-z0-9]{30}|gsk_[A-Za-z0-9]{40}|xai-[A-Za-z0-9]{40}|pplx-[A-Za-z0-9]{32}|nvapi-[\w-]{40}|csk-[a-z0-9]{32}|tgp_v1_[\w-]{30}|pcsk_[A-Za-z0-9]{4,8}_?[A-Za-z0-9]{20}|llx-[A-Za-z0-9]{30}|tvly-(?:dev-|prod-)?[A-Za-z0-9]{24}|lsv2_(?:pt|sk)_[a-f0-9]{32}|e2b_[a-f0-9]{32}|fw_[A-Za-z0-9]{22}|wandb_v1_\w{20})/,
  "npm, PyPI, RubyGems, NuGet, crates.io, Clojars, Packagist":
    /npm_[A-Za-z0-9]{30}|pypi-AgE[\w-]{20}|rubygems_[a-f0-9]{40}|(?<![A-Za-z0-9])(?:oy2[a-z0-9]{43}|cio[A-Za-z0-9]{32}|CLOJARS_[A-Za-z0-9]{50}|packagist_[a-z]{3}_[a-f0-9]{40})/,
  "Docker Hub, JFrog, OpenShift, Docker Swarm":
    /dckr_[po]at_[\w-]{20}|AKCp[A-Za-z0-9]{60}|cmVmd[A-Za-z0-9]{55}|sha256~[\w-]{40}|SWMTKN-\d-[\w-]{20}/,
  "SendGrid, Twilio, Mailgun, Brevo, Resend":
    /(?<![A-Za-z0-9])(?:SG\.[\w-]{16}|SK[0-9a-f]{32}|key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![\w-])|x(?:keysib|smtpsib)-[a-f0-9]{40}|re_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{16}|PM[A-Z]-[A-Za-z0-9]{30})/,
  "HashiCorp Vault": /(?<![A-Za-z0-9])(?:hv[sbr]\.[\w-]{20}|s\.[A-Za-z0-9]{24}(?![\w.]))/,
  "Supabase, PlanetScale, Neon, Aiven, Databricks, ClickHouse Cloud":
    /(?<![A-Za-z0-9])(?:sbp_(?:v0_)?[a-f0-9]{20}|sb_secret_[\w-]{20}|pscale_(?:tkn|pw|oauth)_[\w.=-]{20}|napi_[a-z0-9]{40}|AVNS_[\w-]{12}|dapi[a-f0-9]{32}|dose[a-f0-9]{32}|dkea[a-f0-9]{32}|4b1d[A-Za-z0-9]{38})/,
  "Grafana, New Relic, Dynatrace, Sentry, Honeycomb, PostHog, LaunchDarkly":
    /(?<![A-Za-z0-9])(?:glc_[A-Za-z0-9+/]{32}|glsa_[A-Za-z0-9]{20}|NR(?:AK|JS|II|RA|SP|IQ)-[A-Za-z0-9-]{16}|dt0[a-z]\d{2}\.[A-Z0-9]{20}|sntry[su]_[\w+/=]{32}|hc[abx][a-z]{2}_[a-z0-9]{30}|ph[xs]_[A-Za-z0-9]{32}|(?:sdk|api|mob)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/,
  "Shopify, HubSpot, Airtable, Notion, Figma, Linear, Typeform, Contentful":
    /shp(?:at|ca|pa|ss|it|rt)_[A-Fa-f0-9]{24}|(?<![A-Za-z0-9])(?:pat-[a-z]{2}\d-[0-9a-f]{8}-[0-9a-f]{4}-|pat[A-Za-z0-9]{14}\.[a-f0-9]{40}|ntn_[A-Za-z0-9]{40}|secret_[A-Za-z0-9]{43}|fig[dour]_[\w-]{30}|lin_(?:api|oauth|wh)_[A-Za-z0-9]{32}|tfp_[\w-]{40}|CFPAT-[\w-]{40})/,
  "CircleCI, Buildkite, Pulumi, Doppler, 1Password, Infisical, Tailscale, ngrok":
    /CCIP(?:AT|RJ)_[\w-]{20}|(?<![A-Za-z0-9])(?:bk[a-z]{2}_[a-f0-9]{40}|pul-[a-f0-9]{40}|dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{30}|ops_eyJ[\w-]{30}|A3-[A-Z0-9]{6}-[A-Z0-9]{5,11}-[A-Z0-9]{5}-|st\.[a-f0-9]{8}-[a-f0-9]{4}-[\w.-]{30}|tskey-[a-z]{2,8}-[A-Za-z0-9-]{16}|cr_[A-Za-z0-9]{24,30}(?!\w)|ngrok_[A-Za-z0-9_]{30})/,
  "Postman, SonarQube, Snyk, Sourcegraph, Prefect, Octopus Deploy, Harness, Codecov":
    /PMAK-[a-f0-9]{20}|(?<![A-Za-z0-9])(?:sq[pua]_[a-f0-9]{40}|snyk_(?:uat|sat)\.[a-z0-9]{8}\.[\w-]{20}|sg[pd]_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{32}|pn[ub]_[A-Za-z0-9]{36}|API-[A-Z0-9]{26}|[ps]at\.[\w-]{22}\.[\w]{24}\.\w{20})/,
  "Cloudflare, Ory, Unkey, Frame.io, Facebook, Twitter":
    /(?<![A-Za-z0-9])(?:v1\.0-[a-f0-9]{24}-[a-f0-9]{40}|cf[ua]t_[\w-]{30}|ory_[a-z]{2,8}_[\w-]{20}|unkey_\w{16}|fio-u-[\w-]{40}|EAA[A-Za-z0-9]{40}|AAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{30})/,
  "Adobe, ReadMe, Settlemint, Scalingo, Infracost, Freemius, Defined Networking":
    /(?<![A-Za-z0-9])(?:p8e-[a-z0-9]{32}|rdme_[a-z0-9]{50}|sm_(?:aat|pat|sat)_[A-Za-z0-9]{16}|tk-us-[\w-]{40}|ico-[A-Za-z0-9]{32}|dnkey-[a-z0-9=_-]{26}|s-s4t2(?:ud|af)-[a-f0-9]{32})/,
  // A Mapbox token is a JWT after `sk.`.
  "Mapbox, Adafruit, Deno, Expo":
    /(?<![A-Za-z0-9])(?:aio_[A-Za-z0-9]{28}|dd[pwo]_[A-Za-z0-9]{36}|expo_[\w-]{30})/,
  "age, RFC 8959": /AGE-SECRET-KEY-1[A-Z0-9]{20}|secret-token:[\w%.~!$&'()*+,;=:@-]{8}/,
};

/** Tokens with their mark in the middle or at the end: looked for only if the mark is in the text. */
const marked: Readonly<
  Record<string, { readonly marks: readonly string[]; readonly pattern: RegExp }>
> = {
  "Azure client secrets": { marks: ["Q~"], pattern: /(?<![\w~.])[\w~.]{3}\dQ~[\w~.-]{31}/g },
  "Azure keys": {
    marks: [
      "JQQJ9",
      "+ASt",
      "+ASb",
      "AzFu",
      "ACDb",
      "AzCa",
      "AzSe",
      "APIM",
      "+AMC",
      "+ARm",
      "+ACR",
    ],
    pattern:
      /[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{10}|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{33,76}(?:\+AS[tb]|AzFu|ACDb|AzCa|AzSe|APIM|\+AMC|\+ARm|\+ACR)[A-Za-z0-9+/]{5}/g,
  },
  "Azure DevOps": {
    marks: ["AZDO"],
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{60,80}AZDO[A-Za-z0-9]{4}/g,
  },
  "HCP Terraform": { marks: [".atlasv1."], pattern: /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{30}/g },
  Mailchimp: { marks: ["-us"], pattern: /(?<!\w)[0-9a-f]{32}-us\d{1,2}(?!\w)/g },
  MaxMind: { marks: ["_mmk"], pattern: /[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk/g },
  DeepL: {
    marks: [":fx"],
    pattern: /(?<!\w)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:fx(?!\w)/g,
  },
  Asana: { marks: ["1/", "2/"], pattern: /(?<!\w)[12]\/\d{16}(?:\/\d{16})?:[a-f0-9]{32}/g },
};

const anyBeginning = new RegExp(
  Object.values(beginnings)
    .map(({ source }) => source)
    .join("|"),
  "g",
);
/** Each contains this many of these in a row, with a digit, a capital or an underline among them. */
const token = /[\w.+/~:=-]{16,}/g;
const rest = /[\w.+/=~-]*/y;

/** Tokens that are recognized by their format. */
export function findKnownFormats(text: string): Finding[] {
  if (!mayContainToken(text)) return [];
  const findings = findAll(text, anyBeginning);
  for (const { marks, pattern } of Object.values(marked)) {
    if (marks.some((mark) => text.includes(mark))) findings.push(...findAll(text, pattern));
  }
  return findings;
}

/** Every match, extended to the end of its token. */
function findAll(text: string, pattern: RegExp): Finding[] {
  const findings: Finding[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    rest.lastIndex = pattern.lastIndex;
    rest.exec(text);
    const end = rest.lastIndex;
    findings.push({
      start: match.index,
      end,
      secrets: [text.slice(match.index, end)],
      lowConfidence: false,
    });
    pattern.lastIndex = end;
  }
  return findings;
}

/** Most texts contain none, and this test costs a fraction of the search. */
function mayContainToken(text: string): boolean {
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (/[A-Z0-9]/.test(match[0])) return true;
  }
  return false;
}
