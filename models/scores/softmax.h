// Logits to probabilities and energies, in double precision.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace misfire {

// temperature * log(sum_c exp(z_c / temperature))
template <typename Number>
double log_sum_exp(std::span<const Number> logits, double temperature = 1.0) {
    const double top = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    double sum = 0.0;
    for (const Number logit : logits) sum += std::exp((static_cast<double>(logit) - top) / temperature);
    return top + temperature * std::log(sum);
}

// p_c = exp(z_c / temperature) / sum
inline void softmax(std::span<const float> logits, std::vector<double>& p, double temperature = 1.0) {
    const double top = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    p.resize(logits.size());
    double sum = 0.0;
    for (std::size_t c = 0; c < p.size(); ++c) {
        p[c] = std::exp((static_cast<double>(logits[c]) - top) / temperature);
        sum += p[c];
    }
    for (double& value : p) value /= sum;
}

// max_c p_c
inline double largest_probability(std::span<const float> logits, double temperature = 1.0) {
    const double top = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    double sum = 0.0;
    for (const float logit : logits) sum += std::exp((static_cast<double>(logit) - top) / temperature);
    return 1.0 / sum;
}

inline std::size_t predicted(std::span<const float> logits) {
    return static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

}  // namespace misfire
