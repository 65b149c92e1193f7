#include "names/ip_address.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

TEST(IpAddress, ReadsAndWritesBothFamilies) {
  for (const auto* text : {"0.0.0.0", "255.255.255.255", "192.0.2.1", "::", "::1", "1::",
                           "2001:db8::1:0:0:1", "1:2:3:4:5:6:7:8", "fe80::1", "::ffff:102:304"}) {
    const auto address = IpAddress::parse(text);
    ASSERT_OK(address);
    EXPECT_EQ(address->text(), text);
  }
  EXPECT_EQ(IpAddress::parse("2001:0DB8:0:0:0:0:0:1").value().text(), "2001:db8::1");
  EXPECT_EQ(IpAddress::parse("::1.2.3.4").value().text(), "::102:304");
  EXPECT_EQ(IpAddress::parse("1:0:0:2::").value().text(), "1:0:0:2::");
  EXPECT_EQ(IpAddress::parse("1:0:2:3:4:5:6:7").value().text(), "1:0:2:3:4:5:6:7")
      << "one zero group stays";
}

TEST(IpAddress, RefusesWhatOnlyBrowsersRead) {
  for (const auto* text : {"",
                           "1",
                           "127.1",
                           "0x7f.0.0.1",
                           "01.2.3.4",
                           "1.2.3.256",
                           "1.2.3.4.",
                           "1.2.3",
                           " 1.2.3.4",
                           "1:2",
                           ":1::",
                           "1:::2",
                           "::1::",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4::5:6:7:8",
                           "12345::",
                           "::1.2.3",
                           "::1.2.3.4:5",
                           "[::1]",
                           "fe80::1%eth0",
                           "1:2:3:4:5:6:7:",
                           "::g"}) {
    EXPECT_EQ(testing::code_of(IpAddress::parse(text)), Code::InvalidArgument) << text;
  }
}

TEST(IpAddress, ReadsBackWhatItWrites) {
  testing::for_each_seed(500, [](Rng& rng) {
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = rng.chance(0.6) ? 0 : static_cast<std::uint8_t>(rng.next());
    const auto address = IpAddress::v6(bytes);
    EXPECT_EQ(IpAddress::parse(address.text()).value(), address);
    const auto v4 = IpAddress::v4(static_cast<std::uint32_t>(rng.next()));
    EXPECT_EQ(IpAddress::parse(v4.text()).value(), v4);
  });
}

TEST(IpAddress, KnowsWhatIsNotGloballyReachable) {
  for (const auto* text :
       {"10.1.2.3", "127.0.0.1", "169.254.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1",
        "240.0.0.1", "::1", "fe80::1", "fd00::1", "2001:db8::1", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(IpAddress::parse(text).value().is_special_purpose()) << text;
  }
  for (const auto* text : {"8.8.8.8", "172.32.0.1", "2606:4700::1", "::ffff:8.8.8.8"}) {
    EXPECT_FALSE(IpAddress::parse(text).value().is_special_purpose()) << text;
  }
}

TEST(IpAddress, TellsWhatStaysInTheOwnNetwork) {
  for (const auto* text : {"10.1.2.3", "127.0.0.1", "169.254.0.1", "172.31.255.255", "192.168.0.1",
                           "100.64.0.1", "224.0.0.251", "255.255.255.255", "0.0.0.0", "::", "::1",
                           "fe80::1", "fd00::1", "ff02::fb", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(IpAddress::parse(text).value().is_internal()) << text;
  }
  for (const auto* text : {"8.8.8.8", "172.32.0.1", "192.0.2.1", "198.18.0.1", "240.0.0.1",
                           "2606:4700::1", "2001:db8::1", "::ffff:8.8.8.8"}) {
    EXPECT_FALSE(IpAddress::parse(text).value().is_internal()) << text;
  }
}

TEST(IpBlock, HoldsItsAddressesAndNoOthers) {
  const auto block = IpBlock::parse("192.0.2.77/26").value();
  EXPECT_EQ(block.text(), "192.0.2.64/26");
  EXPECT_EQ(block.last().text(), "192.0.2.127");
  EXPECT_TRUE(block.contains(IpAddress::parse("192.0.2.64").value()));
  EXPECT_TRUE(block.contains(IpAddress::parse("192.0.2.127").value()));
  EXPECT_FALSE(block.contains(IpAddress::parse("192.0.2.128").value()));
  EXPECT_FALSE(block.contains(IpAddress::parse("::").value()));
  EXPECT_TRUE(IpBlock::parse("0.0.0.0/0").value().contains(IpAddress::parse("9.9.9.9").value()));
  EXPECT_TRUE(IpBlock::parse("2001:db8::/33")
                  .value()
                  .contains(IpAddress::parse("2001:db8:7fff::1").value()));
  EXPECT_FALSE(IpBlock::parse("2001:db8::/33")
                   .value()
                   .contains(IpAddress::parse("2001:db8:8000::").value()));
  EXPECT_EQ(IpBlock::parse("2001:db8::/33").value().last().text(),
            "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(IpBlock::parse("1.2.3.4").value().text(), "1.2.3.4");
}

TEST(IpBlock, RefusesBadPrefixes) {
  for (const auto* text :
       {"1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "1.2.3.4/0008", "::/129", "1.2.3.4/8x", "/8"}) {
    EXPECT_EQ(testing::code_of(IpBlock::parse(text)), Code::InvalidArgument) << text;
  }
}

}  // namespace
}  // namespace winnow
