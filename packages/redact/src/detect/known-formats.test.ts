import { describe, expect, it } from "vitest";
import { maskFindings } from "./finding.js";
import { findKnownFormats } from "./known-formats.js";

const mask = (text: string): string =>
  maskFindings(text, findKnownFormats(text)).replaceAll("***REDACTED***", "*");

// Put together here, so that no scanner of repositories takes them for real ones.
const body = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
const hex = "0123456789abcdef".repeat(4);
const uuid = "01234567-89ab-4cde-8f01-23456789abcd";
const tokens = [
  ["AKIA", "ABCDEFGH23456789"].join(""),
  `ghp_${body}`,
  `github_pat_${body}`,
  `glpat-${body.slice(0, 20)}`,
  `xoxb-123456789012-${body}`,
  `sk_live_${body}`,
  `rk_test_${body}`,
  `whsec_${body}`,
  `sk-${body}`,
  `sk-ant-api03-${body}`,
  `sk-proj-${"lettersOnly".repeat(3)}`,
  `sk-${"a".repeat(20)}T3BlbkFJ${"b".repeat(20)}`,
  `sbp_${"0123456789abcdef".repeat(2)}`,
  `AIza${body}`,
  `ya29.${body}`,
  `npm_${body}`,
  `pypi-AgE${body}`,
  `SG.${body}.${body}`,
  `SK${"0123456789abcdef".repeat(2)}`,
  `hf_${body}`,
  `hvs.${body}`,
  `dop_v1_${"0123456789abcdef".repeat(4)}`,
  `shpat_${"0123456789abcdef".repeat(2)}`,
  `123456789:AA${body}`,
  `AGE-SECRET-KEY-1${body.toUpperCase()}`,
  ["ASIA", "ABCDEFGH23456789"].join(""),
  `LTAI${body}`,
  `AKID${body}`,
  `abc8Q~${body}`,
  `${"a1".repeat(26)}JQQJ99${body}`,
  `${"a1B2".repeat(9)}+AStabc12==`,
  `GOCSPX-${body}`,
  `1//0${body}${body}`,
  `doo_v1_${hex}`,
  `fo1_${body}${body}`,
  `fm2_${body}${body}`,
  `HRKU-${body}`,
  `nfp_${body}`,
  `gho_${body}`,
  `glrt-${body}`,
  `gldt-${body}`,
  `GR1348941${body}`,
  `ATATT3${body}`,
  `ATBB${body}`,
  `xoxe.xoxp-1-${body}`,
  `xapp-1-A0123-${body}`,
  `MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDe.${body}`,
  `sq0atp-${body}`,
  `EAAA${body}${body}`,
  `pdl_live_apikey_${body}`,
  `access-production-${uuid}`,
  `FLWSECK-${body}-X`,
  `duffel_live_${body}${body}`,
  `EZAK${body}${body}`,
  `shippo_live_${hex}`,
  `live_${hex.slice(0, 35)}`,
  `sk-or-v1-${hex}`,
  `r8_${body}`,
  `gsk_${body}${body}`,
  `xai-${body}${body}`,
  `pplx-${body}`,
  `nvapi-${body}${body}`,
  `lsv2_pt_${hex}`,
  `tvly-dev-${body}`,
  `pcsk_${body}`,
  `pcsk_${body.slice(0, 6)}_${body}`,
  `vercel_blob_rw_${body.slice(0, 16)}_${body}`,
  `${body}${body}${body.slice(0, 4)}AZDO${body.slice(0, 4)}`,
  `rzp_live_${body.slice(0, 14)}`,
  `live_${body.slice(0, 30)}`,
  `test_${body.slice(0, 30)}`,
  `cflt${body}${body}`,
  `sk_${hex.slice(0, 48)}`,
  `fc-${hex.slice(0, 32)}`,
  `jina_${body}${body}`,
  `pa-${body}${body.slice(0, 7)}`,
  `KEY${body}_${body.slice(0, 22)}`,
  `ATTA${hex}${hex.slice(0, 12)}`,
  `dG9rO${body}${body}=`,
  `${hex.slice(0, 32)}-${hex.slice(0, 8)}-${hex.slice(8, 16)}`,
  `rubygems_${hex}`,
  `oy2${body.toLowerCase()}${body.toLowerCase()}`,
  `cio${body}`,
  `CLOJARS_${body}${body}`,
  `dckr_pat_${body}`,
  `AKCp${body}${body}`,
  `sha256~${body}${body}`,
  `SWMTKN-1-${body}`,
  `${hex.slice(0, 32)}-us12`,
  `xkeysib-${hex}`,
  `re_${body.slice(0, 8)}_${body}`,
  `a1B2c3D4e5F6g7.atlasv1.${body}`,
  `s.${body.slice(0, 24)}`,
  `sb_secret_${body}`,
  `pscale_pw_${body}`,
  `AVNS_${body}`,
  `dapi${hex}`,
  `glc_${body}`,
  `glsa_${body}`,
  `NRAK-${body}`,
  `dt0c01.${body.toUpperCase()}.${body.toUpperCase()}`,
  `sntrys_${body}`,
  `phx_${body}`,
  `sdk-${uuid}`,
  `pat-na1-${uuid}`,
  `pat${body.slice(0, 14)}.${hex}`,
  `ntn_${body}${body}`,
  `figd_${body}`,
  `lin_api_${body}`,
  `1/1234567890123456:${hex}`,
  `tfp_${body}${body}`,
  `CFPAT-${body}${body}`,
  `CCIPAT_${body}`,
  `bkua_${hex}`,
  `pul-${hex}`,
  `dp.st.prd.${body}`,
  `ops_eyJ${body}`,
  `tskey-auth-${body}`,
  `PMAK-${hex}`,
  `sqp_${hex}`,
  `snyk_uat.abcdefgh.${body}`,
  `sgp_${hex}`,
  `pnu_${body}`,
  `API-${body.toUpperCase()}`,
  `v1.0-${hex.slice(0, 24)}-${hex}`,
  `ory_at_${body}`,
  `p8e-${body.toLowerCase()}`,
  `rdme_${body.toLowerCase()}${body.toLowerCase()}`,
  `dnkey-${body.toLowerCase()}`,
  `${uuid}:fx`,
  `aio_${body}`,
  `secret-token:${body}`,
];

describe("findKnownFormats", () => {
  it.each(tokens)("finds %s, whole, in a sentence", (token) => {
    expect(mask(`before ${token} after`)).toBe("before * after");
  });

  it("finds a token of any length to its end", () => {
    expect(mask(`ghp_${"a1".repeat(5_000)}`)).toBe("*");
  });

  it("cuts the path of a Slack or Discord webhook", () => {
    expect(mask(`https://discord.com/api/webhooks/123456789012345678/${body}`)).toBe(
      "https://discord.com/api/webhooks/*",
    );
    expect(mask(`https://discordapp.com/api/webhooks/123456789012345678/${body}`)).toBe(
      "https://discordapp.com/api/webhooks/*",
    );
    expect(mask("https://hooks.slack.com/services/T0000/B0000/abcdef")).toBe(
      "https://hooks.slack.com/services/*",
    );
  });

  it("cuts the paths of other webhooks", () => {
    expect(mask("https://hooks.zapier.com/hooks/catch/123456/abcdef/")).toBe(
      "https://hooks.zapier.com/hooks/catch/*",
    );
    expect(
      mask(`https://x.webhook.office.com/webhookb2/${uuid}@${uuid}/IncomingWebhook/${hex}/${uuid}`),
    ).toBe("https://x.webhook.office.com/webhookb2/*");
    expect(mask("https://maker.ifttt.com/trigger/paid/with/key/a1b2c3d4e5f6")).toBe(
      "https://maker.ifttt.com/trigger/paid/with/key/*",
    );
    expect(mask("https://hooks.slack.com/workflows/T0000/A0000/1/abcdef")).toBe(
      "https://hooks.slack.com/workflows/*",
    );
  });

  it.each([
    "task-orchestration-service-name-1",
    "risk-assessment-of-2024-orders",
    "npm_config_registry_of_this_package",
    "pypi-server-configuration-name",
    "pk_live_abcdefgh",
    "AKIA",
    "ghp_short",
    uuid,
    hex,
    `trace ${hex.slice(0, 32)}-us-east`,
    "live_updates_of_the_orders_of_today",
    "API-GATEWAY-ORDERS",
    "pat-matching-of-orders",
    "secret-token: none",
    "sdk-and-api-and-mobile-clients",
    "glc_and_glsa_and_dapi_and_oy2_and_cio",
    "s.replace(value).trim().toLowerCase",
    "this.is.a.very.long.method.Chain1.call",
    "re_export_of_all_the_modules_2024",
    "sha256~short",
    "fc-cache-of-the-fonts-of-2024",
    "pa-rt-of-a-very-long-name-of-the-orders-of-2024",
    "KEYBOARD_LAYOUT_OF_THE_ORDERS_OF_THE_YEAR_2024",
    "test_orders_are_paid_once_and_refunded_2",
    "sk_orders_of_the_last_year_2024_and_later",
    `${hex.slice(0, 32)}-${hex.slice(0, 16)}-01`,
    "1/2 of 3/4 and 1/3",
  ])("leaves %s alone", (text) => {
    expect(findKnownFormats(text)).toEqual([]);
  });
});
