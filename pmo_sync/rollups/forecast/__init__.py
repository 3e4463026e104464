"""Forecasts from throughput: odds of a finish by a period, and how good such odds have been."""
