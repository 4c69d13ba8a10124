#include "results/monitors/mddm.h"

namespace misfire::monitors {

namespace {

MonitorInfo mddm_a_info() {
    return mddm_info("mddm_a", "weights 1 + difference i",
                     number("difference", "what each value weighs more than the one before", "0.01", 0, 100));
}

std::vector<double> weights_of(const MonitorSettings& settings) {
    const double difference = settings.number("difference");
    std::vector<double> weights(settings.whole("window"));
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 1.0 + difference * static_cast<double>(i);
    return weights;
}

class MddmA : public Mddm {
  public:
    explicit MddmA(const MonitorSettings& settings) : Mddm(mddm_a_info(), settings, weights_of(settings)) {}
};

}  // namespace

const MonitorEntry& mddm_a() {
    static const MonitorEntry entry{mddm_a_info(), make_stream<MddmA>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
