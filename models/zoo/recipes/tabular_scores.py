"""Scores of nets for tables and of what they have to beat. Arrays are NumPy; targets are in their own unit."""
import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def regression(y: np.ndarray, predicted: np.ndarray) -> dict:
    """MAE and RMSE in the target's unit, MAPE in per cent."""
    error = predicted.astype(np.float64) - y
    return {"mae": np.abs(error).mean(), "rmse": np.sqrt((error**2).mean()), "mape": 100 * np.abs(error / y).mean()}


def quantiles(y: np.ndarray, predicted: np.ndarray, levels) -> dict:
    """Mean pinball loss over rows and levels in the target's unit, share of rows not above the quantile of each level."""
    over = y[:, None] - predicted.astype(np.float64)
    loss = np.maximum(np.array(levels) * over, (np.array(levels) - 1) * over).mean()
    return {"pinball": loss, **{f"coverage {level}": (over[:, c] <= 0).mean() for c, level in enumerate(levels)}}


def classification(y: np.ndarray, probabilities: np.ndarray) -> dict:
    """Two classes; the AUROC ranks by the probability of class 1."""
    return {
        "accuracy": accuracy_score(y, probabilities.argmax(1)),
        "auroc": roc_auc_score(y, probabilities[:, 1]),
        "log_loss": log_loss(y, probabilities.astype(np.float64)),
    }


def seasonal_naive(card: dict, y: np.ndarray, x: np.ndarray) -> dict:
    """The value of 7 and of 14 days before as prediction."""
    target = card["target"]
    return {f"{lag} days before": regression(y, x[:, card["features"].index(f"{target}.{lag}")]) for lag in (7, 14)}


def empirical_quantiles(levels, residuals: np.ndarray, y: np.ndarray, week_before: np.ndarray) -> dict:
    """Quantiles of (value - value of 7 days before) among the training rows, added to the value of 7 days before."""
    return {"7 days before": quantiles(y, week_before[:, None] + np.quantile(residuals, levels)[None, :], levels)}


def majority_and_logistic(card: dict, fit, test) -> dict:
    """Shares of the fit rows for everyone, and scikit-learn's logistic regression with its default penalty on medians for missing
    numbers, standardised numbers and one-hot categories. fit and test are (columns, class indices)."""
    coded = [c for c, name in enumerate(card["features"]) if name in card["categories"]]
    numbers = [c for c in range(len(card["features"])) if c not in coded]
    prepare = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            ("codes", make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), coded),
        ]
    )
    logistic = make_pipeline(prepare, LogisticRegression(max_iter=1000)).fit(*fit)
    shares = np.bincount(fit[1], minlength=2) / len(fit[1])
    return {
        "majority class": classification(test[1], np.tile(shares, (len(test[1]), 1))),
        "logistic regression": classification(test[1], logistic.predict_proba(test[0])),
    }
