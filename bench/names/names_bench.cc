// What reading names costs a mail.
//   names_bench [rounds]
#include <cstdlib>

#include <fmt/format.h>

#include "base/rng.h"
#include "bench/model/contest.h"
#include "names/domain.h"
#include "names/lookalike.h"
#include "names/mail_address.h"
#include "names/url.h"

namespace winnow::bench {
namespace {

std::string word(Rng& rng, std::size_t least, std::size_t most) {
  std::string text(least + rng.below(most - least + 1), '\0');
  for (auto& c : text) c = static_cast<char>('a' + rng.below(26));
  return text;
}

LookalikeIndex random_index(Rng& rng, std::size_t size) {
  std::vector<LookalikeReference> references;
  for (std::size_t i = 0; i < size; ++i) references.push_back({word(rng, 5, 14) + ".com", {}, {}});
  return LookalikeIndex(std::move(references));
}

int run(int rounds) {
  Rng rng(1);
  constexpr std::size_t kItems = 2000;
  std::vector<std::string> urls, unicode_urls, domains, lists;
  for (std::size_t i = 0; i < kItems; ++i) {
    domains.push_back(word(rng, 2, 6) + "." + word(rng, 5, 14) + "-" + word(rng, 4, 8) + ".co.uk");
    urls.push_back("https://" + domains.back() + "/" + word(rng, 5, 20) + "/" + word(rng, 5, 20) +
                   ".html?id=" + word(rng, 5, 40));
    unicode_urls.push_back("https://bücher-" + domains.back() + "/" + word(rng, 5, 20));
    lists.push_back("\"" + word(rng, 3, 8) + " " + word(rng, 3, 8) + "\" <" + word(rng, 3, 10) +
                    "@" + domains.back() + ">");
  }
  const auto few = random_index(rng, 300), many = random_index(rng, 3000);
  volatile std::size_t sink = 0;
  Contest contest;
  const auto over = [&](const std::string& name, const std::vector<std::string>& items, auto read) {
    const auto self = contest.add(name, kItems, 0, [&items, &sink, read] {
      std::size_t sum = 0;
      for (const auto& item : items) sum += read(item);
      sink = sum;
    });
    (void)self;
  };
  over("Url::parse", urls,
       [](const std::string& text) { return Url::parse(text).value().href().size(); });
  over("Url::parse, IDNA", unicode_urls,
       [](const std::string& text) { return Url::parse(text).value().href().size(); });
  over("to_ascii_domain", domains,
       [](const std::string& text) { return to_ascii_domain(text).value().size(); });
  over("registrable_domain", domains,
       [](const std::string& text) { return registrable_domain(text).size(); });
  over("read_address_list, one address", lists,
       [](const std::string& text) { return read_address_list(text).addresses.size(); });
  over("LookalikeIndex::find, 300 references", domains,
       [&few](const std::string& text) { return few.find(text).reference; });
  over("LookalikeIndex::find, 3000 references", domains,
       [&many](const std::string& text) { return many.find(text).reference; });
  contest.hold(rounds);
  return 0;
}

}  // namespace
}  // namespace winnow::bench

int main(int argc, char** argv) { return winnow::bench::run(argc > 1 ? std::atoi(argv[1]) : 9); }
