#include "tests/features/small_sets.h"

#include <array>

#include <fmt/format.h>

namespace winnow {

Result<FeatureSet> compile_text(std::string_view yaml, std::string_view words) {
  const testing::TemporaryFolder folder;
  if (auto status = write_atomically(folder / "set.yaml", yaml); !status) return status.error();
  if (auto status = write_atomically(folder / "words.yaml", words); !status) return status.error();
  return FeatureSet::compile(folder / "set.yaml");
}

namespace {

constexpr std::string_view kSmall = R"(schema: winnow.feature_set/1
name: small
attributes:
  from: text unmapped.mail.from
  host: text unmapped.mail.from_host
  subject: text email.subject
  body: text unmapped.mail.own_text
  to: texts unmapped.mail.recipients
  size: number email.size
  html: yes/no unmapped.mail.html.present
  nothing: text unmapped.mail.reply_to
  no_number: number unmapped.mail.html.bytes
  maybe: yes/no unmapped.mail.headers.list_id
  class: number class_uid
  at: number time
  links:
    list: unmapped.mail.links
    fields: {url: text url, host: text host, site: text registrable, shown: text shown_registrable, hidden: yes/no hidden}
    define: {path: url_path(url)}
  files: {list: unmapped.mail.attachments, fields: {ext: text extension}}
define:
  body_words: words(body, to)
  seen_links: links where not hidden
lexicons:
  haste: {en: [urgent*, as soon as possible, 'within # hours'], de: [sofort]}
  names: {en: [hello, dear]}
lists: {free: [gmail.com], short: [bit.ly]}
brands:
  paypal: {sites: [paypal.com]}
  chase: {sites: [chase.com], common_word: true}
history:
  sender:
    key: [from]
    keep: {seen: {seen: true}, mails: {count: 1, bucket: 1d, buckets: 10}, to: {distinct: to},
           bad: {verdict: phishing, bucket: 1d, buckets: 10}}
  pair: {key: [to, from], keep: {mails: {count: 1, bucket: 1d, buckets: 10}}}
text:
  - {name: words, grams: words, least: 1, most: 2, of: [body_words], first: 3000, bits: 12, weight: 1}
  - {name: letters, grams: letters, least: 3, most: 5, of: [body_words], first: 1500, bits: 12, weight: 0.5}
groups: {all: {title: All, missing: nothing is known}}
features:
)";

}  // namespace

Result<FeatureSet> set_of(std::string_view value) {
  return compile_text(fmt::format(
      "{}  - {{name: it, group: all, unit: number, meaning: It., value: '{}', high: 'high "
      "{{value}} of {{from}}', low: low}}\n",
      kSmall, value));
}

ocsf::Event small_mail(Timestamp at, std::string_view from, std::string_view subject) {
  using ocsf::Attribute;
  ocsf::EventBuilder builder(ocsf::ClassUid::EmailActivity, at, sha256(from));
  const std::array<std::string_view, 2> to = {"bob.miller@corp.example", "sales@corp.example"};
  builder.set(Attribute::of("unmapped.mail.from"), from);
  builder.set(Attribute::of("unmapped.mail.from_host"), from.substr(from.find('@') + 1));
  builder.set(Attribute::of("email.subject"), subject);
  builder.set(Attribute::of("email.size"), std::int64_t{1200});
  builder.set(Attribute::of("unmapped.mail.html.present"), true);
  builder.set(Attribute::of("unmapped.mail.recipients"), to);
  builder.set(
      Attribute::of("unmapped.mail.own_text"),
      "Hello Miller, your PayPal account needs you URGENTLY within 24 hours!\nPay 20 EUR at "
      "http://pay.example/x now.");
  builder.begin_list(Attribute::of("unmapped.mail.links"));
  const auto link = [&](std::string_view url, std::string_view host, std::string_view site,
                        bool hidden) {
    builder.begin_record();
    builder.set(Attribute::of("url"), url).set(Attribute::of("host"), host);
    if (!site.empty()) builder.set(Attribute::of("registrable"), site);
    builder.set(Attribute::of("hidden"), hidden);
  };
  link("http://paypal.com.evil.example/a/login?u=http%3A//x", "paypal.com.evil.example",
       "evil.example", false);
  link("https://user@bit.ly:8443/q", "bit.ly", "bit.ly", false);
  link("http://192.0.2.7/", "192.0.2.7", "", true);
  builder.end_list();
  return std::move(builder).finish();
}

}  // namespace winnow
