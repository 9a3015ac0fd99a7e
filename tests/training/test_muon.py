"""Muon on matrices, AdamW on the rest."""

from __future__ import annotations

import copy

import pytest
import torch

from training.muon import Muon, orthogonalize


@pytest.mark.parametrize("shape", [(8, 8), (8, 24), (24, 8)])
def test_singular_values_come_near_to_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(1)
    values = torch.linalg.svdvals(orthogonalize(torch.randn(shape)))
    assert 0.5 < float(values.min()) <= float(values.max()) < 1.4


def test_an_update_has_the_size_of_adams() -> None:
    torch.manual_seed(1)
    matrix = torch.nn.Parameter(torch.zeros(32, 64))
    optimizer = Muon([{"params": [matrix], "momentum": 0.95, "weight_decay": 0.0}], lr=0.1)
    (matrix * torch.randn(32, 64)).sum().backward()
    optimizer.step()
    assert float(matrix.detach().square().mean().sqrt()) == pytest.approx(0.1 * 0.2, rel=0.35)


def test_vectors_are_updated_as_adamw_does() -> None:
    vectors = [torch.nn.Parameter(torch.ones(3)) for _ in range(2)]
    for vector, kind in zip(vectors, (Muon, torch.optim.AdamW), strict=True):
        optimizer = kind([vector], lr=0.1)
        for _ in range(3):
            vector.square().sum().backward()
            optimizer.step()
            optimizer.zero_grad()
    assert torch.equal(*vectors)


def test_its_state_can_be_stored() -> None:
    def make() -> tuple[torch.nn.Parameter, Muon]:
        matrix = torch.nn.Parameter(torch.eye(4))
        return matrix, Muon([{"params": [matrix], "momentum": 0.9}], lr=0.1)

    def update(matrix: torch.nn.Parameter, optimizer: Muon) -> None:
        (matrix @ torch.arange(16.0).view(4, 4)).sum().backward()
        optimizer.step()

    first, optimizer = make()
    update(first, optimizer)
    second, other = make()
    other.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    with torch.no_grad():
        second.copy_(first)
    for matrix, chosen in ((first, optimizer), (second, other)):
        update(matrix, chosen)
    assert torch.equal(first, second)
