// What a person reads who made a mistake: file, line, and the nearest valid name.
#include <regex>

#include <fmt/format.h>

#include "tests/features/small_sets.h"

namespace winnow {
namespace {

// Temporary folders have other names in every run.
std::string without_folders(const std::string& text) {
  static const std::regex kFolder("/[^ ':]*/");
  return std::regex_replace(text, kFolder, "");
}

TEST(FeatureSetErrors, OfExpressionsSayWhereAndWhatIsNear) {
  const char* const values[] = {
      "lenght(from)",
      "length(form)",
      "length(size)",
      "length(from, from)",
      "mentions(body_words, hast)",
      "in_list(host, fre)",
      "token_count(body_words, money1)",
      "count(from)",
      "count(link)",
      "any(links: hots == host)",
      "any(links: length(host))",
      "links where length(host)",
      "count(links where length(host))",
      "host",
      "total(sender.mail)",
      "total(sender.seen)",
      "max(links)",
      "1 +",
  };
  std::string all;
  for (const auto* value : values) {
    const auto set = set_of(value);
    ASSERT_FALSE(set.has_value()) << value;
    EXPECT_EQ(set.error().code(), Code::InvalidArgument);
    all += fmt::format("{}\n    {}\n", value, without_folders(set.error().text()));
  }
  testing::expect_golden(all, "features/golden/expression_errors.txt");
}

TEST(FeatureSetErrors, OfSetsSayWhereAndWhatIsNear) {
  const std::string head = "schema: winnow.feature_set/1\nname: small\n";
  const std::string feature =
      "  - {name: it, group: all, unit: number, meaning: It., value: '1', high: h, low: l}\n";
  const std::string groups = "groups: {all: {title: All, missing: none}}\nfeatures:\n";
  const std::string sets[] = {
      "schema: winnow.feature_set/9\nname: small\n",
      "name: small\n",
      head + groups + "  - {name: it, group: all}\n",
      head + "attribute: {}\n",
      head + "attributes: {from: txt unmapped.mail.from}\n",
      head + "attributes: {from: text}\n",
      head + "attributes: {and: text a.b}\n",
      head + "attributes: {a: text x.y, b: text x.y}\n",
      head + "define: {a: b, b: a}\n",
      head + "define:\n  a: length(1)\n",
      head +
          "attributes: {from: text a.b}\nhistory: {sender: {key: [from], keep: {mails: {count: 1, "
          "bucket: 1w, buckets: 3}}}}\n",
      head +
          "attributes: {from: text a.b}\nhistory: {sender: {key: [from], keep: {mails: {seen: "
          "true, count: 1}}}}\n",
      head +
          "attributes: {from: text a.b}\nhistory: {sender: {key: [length(from)], keep: {a: {seen: "
          "true}}}}\n",
      head +
          "attributes: {from: text a.b}\nhistory: {sender: {key: [from], keep: {mails: {count: 1, "
          "window: 90s}}}}\n",
      head +
          "attributes: {from: text a.b}\nhistory: {sender: {key: [from], keep: {mails: {count: 1, "
          "window: 31d}}}}\n",
      head +
          "attributes: {from: text a.b}\nhistory: {sender: {key: [from], keep: {mails: {count: 1, "
          "window: 1d, buckets: 3}}}}\n",
      head +
          "attributes: {from: text a.b}\nhistory: {sender: {key: [from], keep: {mails: {frequency: "
          "from, window: 1d}}}}\n",
      head +
          "attributes: {from: text a.b}\nhistory: {sender: {key: [from], keep: {mails: {frequncy: "
          "from}}}}\n",
      head +
          "attributes: {from: text a.b}\nhistory: {sender: {key: [from], keep: {mails: {arrivals: "
          "false}}}}\n",
      head +
          "attributes: {from: text a.b}\nhistory: {sender: {key: [from], keep: {mails: {seen: "
          "true, "
          "when: 'listed_address(from, \"\")'}}}}\n",
      head + "attributes: {source: text src_endpont.ip}\n",
      head + "attributes: {source: text src_endpoint.ipp}\n",
      head + "attributes: {sha256: text file.hashes.value}\n",
      head + "attributes: {all: {list: evidences, fields: {of: text proces.name}}}\n",
      head + "attributes: {all: {list: evidence, fields: {of: text process.name}}}\n",
      head + "lexicons: {haste: {en: ['*']}}\n",
      head + "lexicons: {haste: {en: ['a*b']}}\n",
      head + "lists: {free: [not a domain]}\n",
      head + "brands: {paypal: {site: [paypal.com]}}\n",
      head + "include: [../words.yaml]\n",
      head + "include: [missing.yaml]\n",
      head + "lexicons: {haste: {}}\ninclude: [words.yaml]\n",
      head + groups + feature + feature,
      head + groups +
          "  - {name: it, group: al, unit: number, meaning: It., value: '1', high: h, low: l}\n",
      head + groups +
          "  - {name: it, group: all, unit: shares, meaning: It., value: '1', high: h, low: l}\n",
      head + groups +
          "  - {name: it, group: all, unit: number, meaning: It., value: '1', high: h}\n",
      head + groups +
          "  - {name: it, group: all, unit: number, meaning: It., value: '1', high: 'a {b}', low: "
          "l}\n",
      head + groups +
          "  - {name: it, group: all, unit: number, meaning: It., value: '1', high: h, low: l, "
          "pivto: 2}\n",
      head + groups +
          "  - {name: it, group: all, unit: number, meaning: It., value: '1', high: h, low: l, "
          "monotone: up}\n",
      head + "groups: {all: {title: All}}\nfeatures:\n" + feature,
      head +
          "text:\n  - {name: words, grams: word, least: 1, most: 2, of: [a], first: 10, bits: 10, "
          "weight: 1}\n",
      head +
          "text:\n  - {name: all, grams: whole, least: 1, most: 2, of: [a], first: 10, bits: 10, "
          "weight: 1}\n",
      head + "wording: {high: h, low: l, makes_copies: true}\n",
      head +
          "attributes: {s: text email.subject}\ntext:\n  - {name: all, grams: whole, least: 1, "
          "most: 1, of: "
          "[plain_words(s)], first: 10, bits: 10, weight: 1}\nwording: {high: h, low: l, "
          "makes_copies: often}\n",
      head +
          "text:\n  - {name: words, grams: words, least: 3, most: 2, of: [a], first: 10, bits: 10, "
          "weight: 1}\n",
  };
  std::string all;
  for (const auto& yaml : sets) {
    const auto set = compile_text(yaml, "lexicons: {haste: {en: [now]}}\n");
    ASSERT_FALSE(set.has_value()) << yaml;
    all += fmt::format("{}    {}\n", yaml.starts_with(head) ? yaml.substr(head.size()) : "",
                       without_folders(set.error().text()));
  }
  testing::expect_golden(all, "features/golden/set_errors.txt");
}

}  // namespace
}  // namespace winnow
