#include "results/monitors/logistic_regression.h"

#include <algorithm>
#include <cmath>

namespace misfire::monitors {

namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

// log(1 + exp(z)) without overflow.
double softplus(double z) { return z > 0.0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)); }

class Problem {
  public:
    Problem(const MonitorRows& rows, std::span<const double> labels, double ridge)
        : rows_(rows), labels_(labels), ridge_(ridge), curvature_(rows.rows) {}

    double loss(const Vector& weights) const {
        double sum = 0.5 * ridge_ * penalty(weights, weights);
        for (std::size_t r = 0; r < rows_.rows; ++r) {
            const double z = logistic_margin(rows_.row(r), weights);
            sum += softplus(z) - labels_[r] * z;
        }
        return sum;
    }

    // Also keeps the curvature at `weights` for times_hessian().
    Vector gradient(const Vector& weights) {
        Vector out = penalised(weights);
        for (std::size_t r = 0; r < rows_.rows; ++r) {
            const double p = 1.0 / (1.0 + std::exp(-logistic_margin(rows_.row(r), weights)));
            curvature_[r] = p * (1.0 - p);
            add_row(r, p - labels_[r], out);
        }
        return out;
    }

    Vector times_hessian(const Vector& direction) const {
        Vector out = penalised(direction);
        for (std::size_t r = 0; r < rows_.rows; ++r)
            add_row(r, curvature_[r] * logistic_margin(rows_.row(r), direction), out);
        return out;
    }

  private:
    static double penalty(const Vector& a, const Vector& b) { return dot(a, b) - a.back() * b.back(); }
    Vector penalised(const Vector& weights) const {
        Vector out(weights);
        for (double& w : out) w *= ridge_;
        out.back() = 0.0;
        return out;
    }
    void add_row(std::size_t r, double factor, Vector& out) const {
        const auto row = rows_.row(r);
        for (std::size_t c = 0; c < row.size(); ++c) out[c] += factor * row[c];
        out.back() += factor;
    }

    const MonitorRows& rows_;
    std::span<const double> labels_;
    double ridge_;
    Vector curvature_;
};

// Solves hessian . step = -gradient by conjugate gradients.
Vector newton_step(const Problem& problem, const Vector& gradient) {
    Vector step(gradient.size(), 0.0);
    Vector residual(gradient);
    for (double& g : residual) g = -g;
    Vector direction(residual);
    double square = dot(residual, residual);
    const double enough = 1e-20 * square;
    for (std::size_t i = 0; i < 2 * gradient.size() + 10 && square > enough; ++i) {
        const Vector image = problem.times_hessian(direction);
        const double curvature = dot(direction, image);
        if (!(curvature > 0.0)) break;
        const double length = square / curvature;
        for (std::size_t k = 0; k < step.size(); ++k) {
            step[k] += length * direction[k];
            residual[k] -= length * image[k];
        }
        const double next = dot(residual, residual);
        for (std::size_t k = 0; k < step.size(); ++k) direction[k] = residual[k] + next / square * direction[k];
        square = next;
    }
    return step;
}

}  // namespace

double logistic_margin(std::span<const double> row, std::span<const double> weights) {
    double sum = weights.back();
    for (std::size_t c = 0; c < row.size(); ++c) sum += weights[c] * row[c];
    return sum;
}

std::vector<double> fit_logistic_regression(const MonitorRows& rows, std::span<const double> labels, double ridge) {
    Problem problem(rows, labels, ridge);
    Vector weights(rows.columns + 1, 0.0);
    double loss = problem.loss(weights);
    for (int iteration = 0; iteration < 50; ++iteration) {
        const Vector gradient = problem.gradient(weights);
        if (dot(gradient, gradient) <= 1e-18 * static_cast<double>(rows.rows)) break;
        const Vector step = newton_step(problem, gradient);
        double length = 1.0;  // halved until the loss falls enough
        Vector next(weights);
        double next_loss = loss;
        for (int halving = 0; halving < 33; ++halving, length *= 0.5) {
            for (std::size_t k = 0; k < next.size(); ++k) next[k] = weights[k] + length * step[k];
            next_loss = problem.loss(next);
            if (next_loss <= loss + 1e-4 * length * dot(step, gradient)) break;
        }
        if (!(next_loss < loss)) break;
        weights = next;
        loss = next_loss;
    }
    return weights;
}

}  // namespace misfire::monitors
