// The language, by examples: an expression and what it says of small_mail().
#include "features/detail/expression.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "features/detail/numbers.h"
#include "tests/features/small_sets.h"

namespace winnow {
namespace {

const double kMissing = std::nan("");

struct Case {
  const char* expression;
  double value;
};
class Expressions : public ::testing::TestWithParam<Case> {};

TEST_P(Expressions, SayOfAMail) {
  const auto set = set_of(GetParam().expression);
  ASSERT_OK(set);
  const auto vector = set->read(small_mail(day(0)), StateSlice(), NoIntelligence());
  ASSERT_EQ(vector.values.size(), 1U);
  if (std::isnan(GetParam().value)) {
    EXPECT_TRUE(std::isnan(vector.values[0])) << vector.values[0];
  } else {
    EXPECT_FLOAT_EQ(vector.values[0], static_cast<float>(GetParam().value));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, Expressions,
    ::testing::Values(Case{"1 + 2 * 3", 7}, Case{"(1 + 2) * 3", 9}, Case{"-2 + 1", -1},
                      Case{"7 / 2", 3.5}, Case{"1 / 0", kMissing}, Case{"2 < 3", 1},
                      Case{"2 >= 3", 0}, Case{"size == 1200", 1}, Case{"2h", 7200},
                      Case{"log1p(size)", std::log1p(1200)}, Case{"greatest(1, 3, 2)", 3},
                      Case{"least(no_number, 2)", 2}, Case{"mean_of(no_number, 2, 4)", 3},
                      Case{"if(html, 5, 6)", 5}, Case{"if(maybe, 5, 6)", kMissing},
                      Case{"given(html, 5)", 5}, Case{"given(not html, 5)", kMissing},
                      Case{"or_else(no_number, 9)", 9}, Case{"count_yes(html, maybe, 1 == 1)", 2},
                      Case{"hour_of_day(0)", 0}, Case{"hour_of_day(86399999)", 23},
                      Case{"hour_of_day(90000000)", 1}, Case{"hour_of_day(-1)", 23},
                      Case{"hour_of_day(no_number)", kMissing}));

INSTANTIATE_TEST_SUITE_P(EveryEvent, Expressions,
                         ::testing::Values(Case{"class", 4009}, Case{"at", 1767225600000},
                                           Case{"hour_of_day(at - 1)", 23}));

INSTANTIATE_TEST_SUITE_P(
    Missing, Expressions,
    ::testing::Values(Case{"length(nothing)", kMissing}, Case{"no_number + 1", kMissing},
                      Case{"is_missing(nothing)", 1}, Case{"is_missing(subject)", 0},
                      Case{"maybe and html", kMissing}, Case{"maybe and not html", 0},
                      Case{"maybe or html", 1}, Case{"maybe or not html", kMissing},
                      Case{"not maybe", kMissing}, Case{"yes(maybe)", 0},
                      Case{"nothing == subject", kMissing}, Case{"count(files)", kMissing},
                      Case{"any(files: ext == \"pdf\")", kMissing}));

INSTANTIATE_TEST_SUITE_P(
    Texts, Expressions,
    ::testing::Values(
        Case{"length(from)", 21}, Case{"without_digits(\"ws-0042\") == \"ws-\"", 1},
        Case{"is_missing(without_digits(\"42\"))", 1}, Case{"from == \"ann@mail.shop.example\"", 1},
        Case{"length(local_part(from))", 3}, Case{"mail_host(from) == host", 1},
        Case{"contains(from, \"shop\")", 1}, Case{"starts_with(from, \"ann\")", 1},
        Case{"ends_with(from, \".com\")", 0}, Case{"one_of(from, \"a\", \"b\")", 0},
        Case{"occurrences(from, \"m\")", 2}, Case{"entropy(\"abcd\")", 2},
        Case{"entropy(\"aaaa\")", 0}, Case{"digit_share(\"a1b2\")", 0.5},
        Case{"before(from, \"@\") == local_part(from)", 1}, Case{"before(from, \"#\") == from", 1},
        Case{"length(before(from, \"\"))", 0}, Case{"length(before(nothing, \"a\"))", kMissing},
        Case{"size(to)", 2}, Case{"has(to, \"sales@corp.example\")", 1},
        Case{"is_reply(subject)", 1}, Case{"is_forward(subject)", 0},
        Case{"without_prefixes(subject) == \"Your order 482913\"", 1},
        Case{"has_reference_number(subject)", 1},
        Case{"shared_part(\"Ann Lee\", local_part(from))", 1},
        Case{"upper_share(letters(\"ABcd\"))", 0.5}, Case{"length(first(body, 5))", 5}));

INSTANTIATE_TEST_SUITE_P(
    Domains, Expressions,
    ::testing::Values(
        Case{"site(host) == \"shop.example\"", 1}, Case{"first_label(host) == \"mail\"", 1},
        Case{"top_level(host) == \"example\"", 1}, Case{"label_count(host)", 3},
        Case{"is_ip(host)", 0}, Case{"is_ip(\"192.0.2.7\")", 1},
        Case{"network(\"192.0.2.7\") == \"192.0.2.0/24\"", 1},
        Case{"network(\"::ffff:192.0.2.7\") == \"192.0.2.0/24\"", 1},
        Case{"network(\"2001:db8:1:2::7\") == \"2001:db8:1::/48\"", 1},
        Case{"length(network(host))", kMissing}, Case{"is_punycode(\"xn--pypal-4ve.com\")", 1},
        Case{"in_list(\"gmail.com\", free)", 1}, Case{"in_list(\"a.gmail.com\", free)", 1},
        Case{"in_list(\"notgmail.com\", free)", 0}, Case{"is_lookalike(\"paypal.com\")", 0},
        Case{"is_lookalike(\"www.paypal.com\")", 0}, Case{"is_lookalike(\"paypa1.com\")", 1},
        Case{"is_lookalike(\"paypal-login.example\")", 1},
        Case{"is_lookalike(\"shop.example\")", 0}, Case{"is_lookalike(\"paypl.com\")", 1},
        Case{"is_lookalike(\"chase-bank.com\")", 0},
        Case{"foreign_brand_in(\"/PayPal/in\", \"evil.example\")", 1},
        Case{"foreign_brand_in(\"/paypal/in\", \"paypal.com\")", 0}));

INSTANTIATE_TEST_SUITE_P(
    Lists, Expressions,
    ::testing::Values(
        Case{"count(links)", 3}, Case{"count(seen_links)", 2}, Case{"count(links: hidden)", 1},
        Case{"any(links: is_ip(host))", 1}, Case{"any(seen_links: is_ip(host))", 0},
        Case{"all(links: not hidden)", 0}, Case{"share(seen_links: in_list(site, short))", 0.5},
        Case{"share(links where host == \"x\": hidden)", kMissing},
        Case{"max(links: length(path))", 8}, Case{"min(links: length(path))", 1},
        Case{"sum(links: length(path))", 11}, Case{"mean(seen_links: length(path))", 5},
        Case{"distinct(links: site)", 2}, Case{"top_share(links: site)", 0.5},
        Case{"length(first(links: site))", 12}, Case{"any(links: url_has_user(url))", 1},
        Case{"count(links: url_has_port(url))", 1}, Case{"count(links: url_in_url(url))", 1},
        Case{"any(links: shown != site)", 0},
        Case{"count(links where is_lookalike(host) and not hidden)", 1},
        Case{"any(links: site == site(\"www.bit.ly\"))", 1}));

INSTANTIATE_TEST_SUITE_P(
    UrlsInUrls, Expressions,
    ::testing::Values(Case{"url_in_url(\"https://a.example/?u=http://b.example/\")", 1},
                      Case{"url_in_url(\"https://a.example/?u=https%3a%2F%2Fb.example\")", 1},
                      Case{"url_in_url(\"https://a.example/http/httphttp%3A%2F%2Fb.example\")", 1},
                      Case{"url_in_url(\"https://a.example/?u=http:b.example&https=http%3\")", 0},
                      Case{"url_in_url(\"https://http.example/https/\")", 0},
                      Case{"url_in_url(\"a.example/?u=http:/b\")", 0}));

// What is asked of some records only is computed for these only; never for fewer.
INSTANTIATE_TEST_SUITE_P(
    Conditions, Expressions,
    ::testing::Values(
        Case{"sum(seen_links: length(path)) + 100 * sum(links where hidden: length(path))", 110},
        Case{"sum(seen_links: length(path)) + 100 * sum(links: length(path))", 1110},
        Case{"sum(links: length(path)) + 100 * sum(seen_links: length(path))", 1011},
        Case{"sum(seen_links where length(path) > 2: length(path))", 8},
        Case{"sum(links where length(path) > 1: given(length(path) < 5, length(path)))", 2},
        Case{"sum(links where contains(url, \"8443\"): length(path))", 2},
        Case{"count(links where length(path) == sum(links where hidden: length(path)))", 1},
        Case{"sum(links where html: length(path))", 11},
        Case{"sum(links where not html: length(path))", 0},
        Case{"any(seen_links: is_lookalike(host)) or any(links where hidden: is_lookalike(host))",
             1}));

INSTANTIATE_TEST_SUITE_P(
    Words, Expressions,
    ::testing::Values(Case{"mentions(body_words, haste)", 2},
                      Case{"per_hundred(body_words, haste)", 200.0 / 20},
                      Case{"token_count(body_words, url)", 1},
                      Case{"token_count(body_words, money)", 1},
                      Case{"token_count(body_words, recipient)", 1}, Case{"brands(body_words)", 1},
                      Case{"foreign_brands(body_words, \"shop.example\")", 1},
                      Case{"own_brands(body_words, \"paypal.com\")", 1},
                      Case{"brands(plain_words(\"they chase us\"))", 1},
                      Case{"sure_brands(plain_words(\"they chase us\"))", 0},
                      Case{"top_brand(body_words) == \"paypal\"", 1},
                      Case{"opens_with_name(body_words, names)", 1},
                      Case{"opens_with_name(plain_words(\"your order is here\"), names)", 0}));

TEST(ExpressionParser, NamesTheColumnOfWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "column 1: expected a value, found nothing"},
      {"1 +", "column 4: expected a value, found nothing"},
      {"length(from", "column 12: expected ')', found nothing"},
      {"a ? b", "column 3: '?' does not belong into an expression"},
      {"\"open", "column 1: a text without its closing '\"'"},
      {"3x", "column 2: a number is followed by a blank or by one of the units s, m, h, d"},
      {"count(a: )", "column 1: 'count(list: value)' lacks its value"},
      {"(1))", "column 4: expected the end of the expression, found ')'"},
  };
  for (const auto& [text, message] : cases) {
    const auto expression = features::parse_expression(text);
    ASSERT_FALSE(expression) << text;
    EXPECT_EQ(expression.error().message(), message);
  }
}

TEST(ExpressionParser, EndsHostileNesting) {
  EXPECT_FALSE(features::parse_expression(std::string(2000, '(')));
  std::string nots;
  for (int i = 0; i < 500; ++i) nots += "not ";
  EXPECT_FALSE(features::parse_expression(nots + "true"));
  EXPECT_FALSE(features::parse_expression(std::string(5000, '1')));
}

TEST(Numbers, AgreeWithTheLibrary) {
  testing::for_each_seed(2000, [](Rng& rng) {
    const double x = std::exp(rng.unit() * 80 - 40);
    EXPECT_NEAR(features::natural_log(x), std::log(x),
                1e-13 * std::max(1.0, std::fabs(std::log(x))));
    const double y = rng.unit() * 900;
    EXPECT_NEAR(features::half_to_the(y) / std::exp2(-y), 1, 1e-13);
  });
  EXPECT_EQ(features::half_to_the(0), 1);
  EXPECT_EQ(features::half_to_the(3), 0.125);
  EXPECT_EQ(features::half_to_the(5000), 0);
}

// Decisions were made with these bits: what is faster has them too.
TEST(Numbers, OfALogarithmHaveTheBitsThatTheyAlwaysHad) {
  const auto as_ever = [](double x) {
    int exponent = 0;
    double mantissa = std::frexp(x, &exponent);
    if (mantissa < 0.70710678118654752440) {
      mantissa *= 2;
      --exponent;
    }
    const double s = (mantissa - 1) / (mantissa + 1), square = s * s;
    double sum = 0;
    for (int odd = 21; odd >= 1; odd -= 2) sum = sum * square + 1.0 / odd;
    return exponent * 0.693147180559945309417232121458 + 2 * s * sum;
  };
  // Of what has none they are none, so that the value is missing.
  EXPECT_TRUE(std::isnan(features::natural_log(std::numeric_limits<double>::infinity())));
  EXPECT_TRUE(std::isnan(features::log1p_of(std::numeric_limits<double>::infinity())));
  EXPECT_TRUE(std::isnan(features::log1p_of(std::numeric_limits<double>::quiet_NaN())));
  for (int count = 0; count < 2000; ++count)
    EXPECT_EQ(features::log1p_of(count), as_ever(1 + static_cast<double>(count)));
  testing::for_each_seed(2000, [&](Rng& rng) {
    const double x = std::ldexp(0.5 + rng.unit() / 2, static_cast<int>(rng.below(2000)) - 1060);
    EXPECT_EQ(features::natural_log(x), as_ever(x)) << x;
    const double near = rng.unit() * 600;
    EXPECT_EQ(features::log1p_of(near), as_ever(1 + near)) << near;
  });
}

}  // namespace
}  // namespace winnow
